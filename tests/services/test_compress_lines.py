from services.compress_lines import fold_frames, fold_repeats, hoist_dates, unquote


def test_only_values_that_differ_are_told_again() -> None:
    text = "\n".join(f"10:00:0{n} worker-3 wrote PAY-1{n} to pg-eu-1 in {n % 2} ms" for n in range(3))
    assert fold_repeats(text) == (
        "10:00:00 worker-3 wrote PAY-10 to pg-eu-1 in 0 ms\n"
        "(2 more like it, what differs in each: 10:00:01 PAY-11 1; 10:00:02 PAY-12 0)"
    )


def test_lines_without_a_time_are_gathered_only_where_they_follow_each_other() -> None:
    text = "\n".join(
        f"the import of batch {n} was started\nsomething came between {'x' * n}" for n in (1, 2, 3)
    )
    assert fold_repeats(text) == text


def test_a_line_that_comes_again_is_counted() -> None:
    line = "all checks of the importer passed"
    assert fold_repeats(f"{line}\nother words\n{line}\n{line}") == f"{line} (×3)\nother words"


def test_an_answer_that_comes_again_stays() -> None:
    assert fold_repeats("yes\nno\nyes\nyes") == "yes\nno\nyes\nyes"


def test_fenced_code_that_repeats_itself_stays() -> None:
    text = "```\nconnection.execute(statement) or fail()\nconnection.execute(statement) or fail()\n```"
    assert fold_repeats(text) == text


def test_a_date_is_told_where_it_changes() -> None:
    days = "2026-11-20 10:00:00 a\n2026-11-20 10:00:01 b\n2026-11-21 00:00:00 c\n2026-11-20 00:00:01 d"
    assert (
        hoist_dates(days) == "2026-11-20 10:00:00 a\n10:00:01 b\n2026-11-21 00:00:00 c\n2026-11-20 00:00:01 d"
    )


def test_java_frames_of_a_package_share_a_line_and_keep_a_file_that_is_not_the_class() -> None:
    frames = (
        "\tat com.pay.Refund.run(Refund.java:7)\n\tat com.pay.Row$1.go(Rows.java:9)\n\tat org.x.A.b(A.kt:1)"
    )
    assert fold_frames(frames) == "at com.pay.{Refund.run(7), Row$1.go(Rows:9)}\nat org.x.A.b(1)"


def test_the_folder_of_python_frames_is_told_where_it_changes() -> None:
    frame = '  File "/srv/{}", line 3, in run'
    lines = [frame.format(path) for path in ("a/x.py", "a/y.py", "b/x.py", "a/x.py")]
    assert fold_frames("\n".join(lines)).split("\n") == [
        lines[0],
        '  File "…/y.py", line 3, in run',
        *lines[2:],
    ]


def test_a_quote_of_what_nobody_wrote_above_stays() -> None:
    text = "> We moved the bucket.\nWhen?\nYesterday.\n> When?\n> We moved the bucket.\nThanks"
    assert unquote(text) == "> We moved the bucket.\nWhen?\nYesterday.\n> We moved the bucket.\nThanks"
