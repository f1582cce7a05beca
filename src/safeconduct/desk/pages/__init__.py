"""The pages of the desk: each file one part of the work, each page a function from a question to an answer."""

from safeconduct.desk.pages import home, inbox, intake, look, send, setup, work

PAGES = (*home.PAGES, *look.PAGES, *inbox.PAGES, *intake.PAGES, *work.PAGES, *send.PAGES, *setup.PAGES)
