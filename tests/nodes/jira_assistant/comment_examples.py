"""Messages as they are typed and the comments that rules make of them: what a reader may expect, by theme."""

EXAMPLES: dict[str, list[tuple[str, str]]] = {
    "what was done stays done": [
        ("fixed button bug, tested staging", "Fixed the button bug and tested on staging."),
        (
            "fixed login bug, added tests, updated docs",
            "- Fixed the login bug.\n- Added tests.\n- Updated docs.",
        ),
        ("merged PR #123 and deployed to staging", "Merged PR #123 and deployed to staging."),
        ("just pushed a fix for the crash", "Pushed a fix for the crash."),
        ("added retry logic to the payment client", "Added retry logic to the payment client."),
        (
            "refactored auth module, added 12 unit tests, updated docs, bumped version to 1.4.0",
            "- Refactored the auth module.\n"
            "- Added 12 unit tests.\n"
            "- Updated docs.\n"
            "- Bumped the version to 1.4.0.",
        ),
        ("rolled back v1.8.2 because of a spike in 500s", "Rolled back v1.8.2 because of a spike in 500s."),
        ("I fixed the css issue and bob reviewed it", "I fixed the CSS issue, and Bob reviewed it."),
        (
            "wrote a script to backfill user_ids in `users` table, took 45 mins",
            "Wrote a script to backfill user_ids in the `users` table. It took 45 minutes.",
        ),
        ("done with PAY-12 but tests still failing", "Work on PAY-12 is done, but tests are still failing."),
        ("PAY-12 fixed", "PAY-12 has been fixed."),
        ("fixed it", "It has been fixed."),
        ("merged", "This has been merged."),
        ("knocked out the caching layer", "Finished the caching layer."),
    ],
    "what holds is in the present": [
        (
            "PAY-12 done, PAY-13 in progress, PAY-14 blocked by infra",
            "- PAY-12 is done.\n- PAY-13 is in progress.\n- PAY-14 is blocked by infrastructure.",
        ),
        ("login page almost done", "The login page is almost done."),
        (
            "tests green on staging, deploying to prod tonight",
            "Tests are green on staging. Deploying to production tonight.",
        ),
        ("migration 90% done", "The migration is 90% done."),
        (
            "api almost ready, just need to add pagination",
            "The API is almost ready. Only pagination needs to be added.",
        ),
        (
            "the build's been failing since yesterday's merge, looking into it",
            "The build has been failing since yesterday's merge. Currently looking into it.",
        ),
        (
            "fixed the n+1 query in orders, p95 down from 1200ms to 180ms",
            "Fixed the n+1 query in orders. p95 is down from 1200ms to 180ms.",
        ),
        (
            "bug fixed, tests added, PR merged",
            "- The bug has been fixed.\n- Tests have been added.\n- The PR has been merged.",
        ),
        (
            'works fine locally, fails on CI with "ECONNREFUSED 127.0.0.1:6379"',
            'It works fine locally. It fails on CI with "ECONNREFUSED 127.0.0.1:6379".',
        ),
        ("blocked on DB creds from ops", "Currently blocked on DB credentials from ops."),
        ("waiting for QA", "Currently waiting for QA."),
        (
            "kinda stuck on PAY-77, dunno why the migration fails on postgres 14",
            "Somewhat stuck on PAY-77. I do not know why the migration fails on Postgres 14.",
        ),
        (
            "deployed v2.3.1 to prod at 5pm, no issues so far",
            "Deployed v2.3.1 to production at 5pm. There are no issues so far.",
        ),
        ("PAY-12 is done and waiting for QA", "PAY-12 is done and waiting for QA."),
        (
            "found root cause of the memory leak - it's the cache not getting cleared",
            "Found the root cause of the memory leak. It is the cache not getting cleared.",
        ),
        ("halfway through PAY-88, eta thursday", "Halfway through PAY-88. The ETA is Thursday."),
    ],
    "what is pending stays pending": [
        ("still need to write tests", "Tests still need to be written."),
        ("need to talk to Anna about the schema", "To do: talk to Anna about the schema."),
        (
            "still need to update the changelog for v2.4.0 and tag the release",
            "Still to do: update the changelog for v2.4.0 and tag the release.",
        ),
        ("gonna deploy tmrw after QA signs off", "Will deploy tomorrow after QA signs off."),
        ("will look into it tomorrow", "Will look into it tomorrow."),
        (
            "this is taking longer than expected, need 2 more days",
            "This is taking longer than expected. 2 more days are needed.",
        ),
        ("PR is up, need review from bob", "The PR is up. A review is needed from Bob."),
        ("not done yet w/ PAY-3, 2 tests fail", "Work on PAY-3 is not done yet. 2 tests fail."),
        ("PAY-12 done by Friday", "PAY-12 done by Friday."),
        ("done with PAY-12 tomorrow", "Done with PAY-12 tomorrow."),
        ("todo: docs and tests", "To do: docs and tests."),
    ],
    "negations and hedges survive": [
        ("PAY-12 is not done", "PAY-12 is not done."),
        (
            "can't repro PAY-9 on chrome, works on firefox tho",
            "Cannot reproduce PAY-9 on Chrome. It works on Firefox though.",
        ),
        (
            "didn't get to the tests today, will do it tmrw",
            "Did not get to the tests today. Will do it tomorrow.",
        ),
        (
            "wasn't able to test on safari, no mac available",
            "Was not able to test on Safari. There is no mac available.",
        ),
        ("PAY-12 done ❌", "PAY-12 done ❌."),
        ("PAY-12 done on dev, not on prod", "PAY-12 is done on dev, not on production."),
        ("I think it's a DNS issue", "I think it is a DNS issue."),
        ("PAY-12 is basically done", "PAY-12 is basically done."),
        ("PAY-12 is finished, provided that QA agrees", "PAY-12 is finished, provided that QA agrees."),
        ("QA signed off PAY-12", "QA signed off PAY-12."),
    ],
    "chat noise goes": [
        (
            "hey team, fixed that nasty bug lol 😂 tests r green now",
            "Fixed that nasty bug. Tests are green now.",
        ),
        (
            "so yeah basically the cache was stale so i cleared it and now it works",
            "The cache was stale, so I cleared it. Now it works.",
        ),
        ("dude the build is broken again", "The build is broken again."),
        ("finally fixed that damn bug!!!", "Fixed that bug."),
        ("bug is back :(", "The bug is back."),
        ("just fyi the staging env will be down 2-4pm", "The staging environment will be down 2-4pm."),
        (
            "FIXED THE LOGIN BUG ON PAY-12, STILL NEED TO TEST ON STAGING",
            "Fixed the login bug on PAY-12. Still to do: test on staging.",
        ),
        ("fxied teh buton, tesing now", "Fixed the button. Testing now."),
        (
            "users are complaining that checkout is super slow on mobile",
            "Users are complaining that checkout is very slow on mobile.",
        ),
    ],
    "the request in front goes, the key stays": [
        ("add a comment that the fix is deployed", "The fix is deployed."),
        (
            "post on PAY-12: fixed the login bug and added tests",
            "PAY-12: Fixed the login bug and added tests.",
        ),
        ("update PAY-12: still blocked by the db team", "PAY-12: Still blocked by the database team."),
        ("can you log that I finished the API review for OPS-3?", "I finished the API review for OPS-3."),
        (
            "can you add a comment to PAY-12 saying the deploy is delayed until monday pls",
            "PAY-12: The deploy is delayed until Monday.",
        ),
        (
            "PAY-99 update: reproduced on iOS 17.2, working on a fix",
            "PAY-99: Reproduced on iOS 17.2. Currently working on a fix.",
        ),
        ("fixed login bug, please post it as a comment", "Fixed the login bug."),
        (
            "please rephrase this: fixed the thing, kinda ugly but works",
            "Fixed the thing, somewhat ugly, but it works.",
        ),
    ],
    "structure that was typed is kept": [
        ("- fixed login\n- added tests\n- todo: docs", "- Fixed login.\n- Added tests.\n- To do: docs."),
        ("1. fixed login\n2. tests next", "1. Fixed login.\n2. Tests are next."),
        (
            "Hi team,\nfixed the login bug.\nstill need to test on staging.\nThanks!",
            "Fixed the login bug.\nStill to do: test on staging.",
        ),
        (
            "yesterday fixed login, today working on signup, no blockers",
            "- Yesterday: fixed login.\n- Today: working on signup.\n- There are no blockers.",
        ),
        (
            "wrote the script, ran it on prod, 3 of 50 rows failed",
            "Wrote the script and ran it on production. 3 of 50 rows failed.",
        ),
        ("anyone know why CI is red?", "Does anyone know why CI is red?"),
        (
            "fails with:\n```\nTypeError: x is undefined\n```",
            "It fails with:\n```\nTypeError: x is undefined\n```",
        ),
        ("> PAY-12 is done\nthis is what Tom wrote", "> PAY-12 is done\nThis is what Tom wrote."),
    ],
    "where the rules are unsure they do the least": [
        (
            "PAY-12 ist fast fertig, die Tests laufen noch nicht",
            "PAY-12 ist fast fertig, die Tests laufen noch nicht.",
        ),
        ("PAY-12 已完成", "PAY-12 已完成."),
        ("login page", "Update on the login page."),
        ("refactor auth", "Task: refactor auth."),
        ("ok", "OK."),
        (
            "spike done: redis streams look good, kafka overkill for us",
            "Spike done: Redis streams look good, Kafka overkill for us.",
        ),
    ],
}
