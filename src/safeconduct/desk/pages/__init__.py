"""The pages of the desk: each file one part of the work, each page a function from a question to an answer."""

from safeconduct.desk.pages import home, inbox, look

PAGES = (*home.PAGES, *look.PAGES, *inbox.PAGES)
