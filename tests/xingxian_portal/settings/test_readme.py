import re

from tests.running_portal import ROOT

READ = re.compile(
    r'\b(?:text|flag|number|words|required|location|mailbox|address|webhook_body|windows)\(\s*"([A-Z][A-Z_]+)"'
)
TABLE = re.compile(r"^\| (`[A-Z_`, or]+) \|", re.MULTILINE)


def test_the_readme_lists_every_variable_that_is_read_and_no_other():
    settings = (ROOT / "xingxian_portal" / "settings").glob("*.py")
    accounts = ROOT / "xingxian_portal" / "processes" / "demo_accounts.py"
    read = {name for file in settings for name in READ.findall(file.read_text())}
    read |= set(re.findall(r'^VARIABLE = "([A-Z_]+)"', accounts.read_text(), re.MULTILINE))
    told = {name for row in TABLE.findall((ROOT / "README.md").read_text()) for name in re.findall(r"`([A-Z_]+)`", row)}
    assert told == read
