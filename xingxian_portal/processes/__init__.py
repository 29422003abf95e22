"""What `manage.py up` runs: the parts of the portal as processes of one machine, started, watched and ended together.

`address` where it listens · `preflight` what is refused before anything starts · `preparation` tables, facts, demo ·
`queue_server` the embedded queue · `parts` which processes there are · `child` one of them · `leash` none outlives its
parent · `supervisor` all of them · `output` what they say · `caretaker` ready, and the clock's heartbeat ·
`announcement` what the person at the keyboard reads · `web` the web server's entry.
"""
