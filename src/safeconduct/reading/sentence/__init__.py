"""Reading one sentence: its tokens, amounts, units, dates, names, speakers and mood, and the proposals made of them.

Start reading at `propose.py`.
"""
