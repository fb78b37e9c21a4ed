"""The words the rules know, by class: whoever meets a new way of speaking adds it here.

The shapes in `rules` are written in class names, never in words, so one added word serves every rule.
An underscore stands for a space: "wrapped_up" is read as one word, the longest phrase first. A word is in one
class only. A word in no class is `ing` or `ed` by its ending, else `other`; no completion has room for those.
"""

WORDS: dict[str, str] = {
    # Who and what is spoken of.
    "self": "i we",
    "you": "you u ya yall",
    "me": "me us myself",
    "anyone": "anyone anybody someone somebody",
    "crowd": "bot assistant team folks guys everyone everybody all_of_you boss mate bro dude people",
    "it": "it this that this_one that_one everything all_of_it the_whole_thing",
    "they": "they these those he she him them",
    "there": "there here",
    "det": "the my our",
    "odet": "a an your his her their its another any every each",
    "task": "task ticket story card subtask sub-task assignment work_item",
    "issue": "issue item feature epic",
    "tasks": """
        subtasks sub-tasks tickets tasks issues bugs stories points story_points hours commits cards items
        pull_requests merge_requests work_items deliverables prs mrs""",
    "work": "work everything_on everything_in everything_for all_work all_the_work",
    "artifact": """
        tests test build pipeline ci checks unit_tests qa pr mr code changes branch review commit patch""",
    "tech": """
        api apis staging oauth oauth2 sso docs database db migration cache redis postgres kafka docker
        kubernetes k8s deploy deployment sdk cli css html ui ux json yaml sql cron repo auth
        authentication authorization config schema token tokens webhook webhooks library dependency
        dependencies endpoint server microservice terraform nginx jenkins graphql rest grpc frontend-app
        javascript typescript python java react node regex jwt tls ssl dns vpn cdn s3 aws gcp azure helm
        ansible elasticsearch mongodb mysql sqlite rabbitmq celery backup logging linter lint middleware
        proxy websocket unit-tests e2e ci/cd""",
    "thing": """
        button service template field notification notifications form page parser verification validation
        queue label tooltip toast dialog checkbox filter icon dropdown menu modal_dialog tab screen flag
        widget chart dashboard module client job handler layout signature address addresses worker
        integration provider gateway sending delivery bounce link header footer log command criteria rate
        flow login signup checkout jira search payment payments invoice onboarding website app release
        report notes""",
    "prod": "prod production main master trunk",
    # Small words.
    "be": "r is are am",
    "was": "was were",
    "been": "been",
    "to_be": "be being",
    "have": "have",
    "has": "has",
    "do": "do",
    "did": "did",
    "does": "does",
    "can": "may can could",
    "will": "will",
    "modal": "should might would",
    "and": "and plus",
    "so": "so",
    "with": "w with w/",
    "on": "on for",
    "by": "by via",
    "of": "of",
    "to": "to into as",
    "in": "in at from onto under over per about re regarding concerning during since through than within",
    "off": "off out up",
    "what": "what",
    "which": "which",
    "how": "how_well how_good how",
    "wh": "who whose whom why where how_come how_about what_about",
    "when": "when",
    # What finishes, and what stand beside it.
    "fin": """
        finished completed closed resolved finalized finalised concluded accomplished wrapped_up
        closed_out closed_off finished_up finished_off got_it_finished""",
    "done": "all_set_and_done done done_and_dusted over_and_done_with got_it_done",
    "complete": "complete",
    # Said of a key these finish it; said of a thing they mean one step.
    "ship": """
        over_the_line over_the_finish_line shipped delivered nailed crushed wrapped knocked_out sorted_out
        polished_off ticked_off checked_off crossed_off in_the_books out_the_door""",
    "knocked": "knocked crossed ticked",
    "bed": "to_bed",
    "put": "put",
    "wrap": "wrap",
    "got": "got gotten",
    "landed": """
        works worked met pass passed passes passing green approved live verified merged deployed released
        pushed accepted tested reviewed in_prod in_production""",
    "tofin": """
        fix finish wrap_up finalize finalise finishes completes deliver accomplish achieve finish_up
        finish_off knock_out get_done gets_done completion resolve resolves ship shipping get""",
    "close": "close close_out close_off check_off tick_off cross_off",
    "closing": """
        closes finishing completing finalizing wrapping_up closing_out getting_done resolving wrapping
        closing""",
    "mark": "mark set move flag_as transition drag change",
    "marked": "marked moved transitioned dragged",
    "marking": "marking moving setting",
    "status": "status state",
    "board": "column lane board",
    "adv": """
        on_time on_schedule ahead_of_schedule as_planned as_promised as_requested as_discussed just
        finally now already also completely fully totally entirely officially successfully all both
        at_last for_good as_well too right_now as_of_now as_of happily properly formally""",
    "day": """
        today yesterday this_morning last_night just_now earlier_today a_minute_ago a_moment_ago
        an_hour_ago minutes_ago hours_ago a_few_minutes_ago""",
    "opener": """
        feels_good feels_great looks_good looks_great gtg for_what_it's_worth wanted_to_let_you_know
        want_to_let_you_know letting_you_know let_you_know heads_up a_heads_up quick_note note_that
        please_note woot ok okay okey alright yes yep yeah yup yea fyi btw news quick_update status_update
        good_news great_news boom voila tada hooray hurray woohoo woo yay phew well actually
        for_the_record anyway happy_to_report happy_to_say glad_to_say glad_to_report pleased_to_report
        pleased_to_announce i_can_confirm can_confirm""",
    "cheer": "great nice awesome cool perfect sweet excellent amazing brilliant fantastic wow",
    "update": "update",
    "greet": """
        hi hello hey heya hiya yo good_morning good_afternoon good_evening morning howdy greetings hola""",
    "thanks": """
        thanks_so_much thanks_again thank_u thanks thank_you thx ty tysm cheers many_thanks thanks_a_lot
        thank_you_so_much""",
    "please": "please pls plz kindly go_ahead go_ahead_and",
    # What makes a statement something else than a finished task.
    "neg": """
        nicht kein keine nie pas jamais sin ohne senza not n't never no none nothing nobody neither nor
        without cannot hardly barely scarcely no_longer unable unfinished incomplete undone unresolved
        uncompleted anything_but far_from nowhere_near nope nah nay failed_to fails_to refuse refuses""",
    "hedge": """
        almost nearly basically mostly practically virtually essentially pretty_much more_or_less kind_of
        kinda sort_of sorta i_think i_believe i_guess i_suppose i_assume i_feel probably maybe perhaps
        possibly hopefully likely apparently seemingly supposedly theoretically in_theory afaik iirc seems
        seem seemed looks looks_like appears presumably pretty_sure fairly_sure quite_sure unsure
        technically close_to on_paper as_good_as done-ish just_about all_but roughly can't_say allegedly
        imagine suppose pretend as_a_concept by_now nominally in_principle i_reckon think guess believe
        suspect""",
    "whether": "if whether",
    "cond": """
        whenever once unless until till as_soon_as after before as_long_as provided assuming in_case while
        depends depending pending otherwise subject_to whichever given_that contingent""",
    "future": """
        'll shall gonna going_to about_to tomorrow soon later next_week next_sprint next_month by_friday
        tonight eventually eta plan plans planning planned aim due deadline expect expecting expected
        intend schedule scheduled by_eod by_tomorrow eod eow in_an_hour monday tuesday wednesday thursday
        friday saturday sunday weekend""",
    "wish": """
        want wants wanted wish wishes hope hopes hoping need needs needed must have_to has_to had_to
        got_to gotta try trying tries tried wanna like_to love_to let's lets supposed required require
        requires ought remember_to like_you_to want_you_to need_you_to remind struggling attempt
        attempting""",
    "part": """
        half halfway part parts partial partially partly first second third phase step most_of some
        several initial so_far for_now chunk piece bit portion section wip prototype poc mvp milestone
        iteration one_of backend frontend design locally code_complete dev_done other others majority""",
    "rem": """
        aber pero mais ma but except however though although yet still left remaining remains remain todo
        to-do to_do apart besides aside other_than minus only next then moving_on follow-up followup
        follow_up left_over outstanding missing handed_over up_next remainder leftover blocker blockers""",
    "held": """
        in_code_review in_testing in_test in_development in_dev in_uat in_the_works under_review blocked
        blocking waiting awaiting in_review in_progress in_qa on_hold ready stuck paused delayed late
        behind up_for_review waiting_for waiting_on ready_for""",
    "found": """
        found noticed discovered spotted ran_into hit uncovered reproduced turns_out realized realised saw""",
    "find": """
        typo blocks too_long too_slow fails failing fail failed broke broken bug crash crashes crashing
        crashed error errors regression flaky problem problems weird slow wrong leak down unstable red
        doesn't_work does_nothing outage timeout times_out timing_out hangs overlaps throws returns
        disabled empty twice invalid exception""",
    "report": """
        say says said told tells claims claimed reckons thinks mentioned reported announced according_to
        i_heard heard rumour_has_it rumor_has_it shows reads confirmed confirms states""",
    "reverse": """
        reopen reopened reopening by_mistake by_accident accidentally wrongly mistakenly prematurely
        too_early unmark undo revert reverted scratch_that wrong_ticket wrong_one oops whoops ignore_that
        cancel cancelled canceled duplicate wontfix won't_fix obsolete hold_off keep_it_open leave_it_open
        keep_this_open stop""",
    "keep": "keep leave keeping leaving",
    "open": "open",
    "prog": """
        working doing fixed fixing started starting continuing continued implemented implementing
        deploying merging testing reviewing investigating debugging refactored refactoring added adding
        updated wrote writing built building created creating pushing paired upgraded upgrading opened
        removed migrated looking_into looked_into picked_up picking_up switching spent emailed mailed sent
        received renamed changed helped addressed improved made_progress progress cleaning_up cleaned_up
        rolled_out rolling_out set_up setting_up made handed rebased wired hooked tackled tackling
        researching drafted documented configured automating triaged groomed""",
    # Questions and figures.
    "ask": """
        i_wonder wondering do_you_know any_idea anyone_know anyone_knows anybody_know does_anyone_know
        explain any_chance any_news any_update any_updates tell_me_about tell_me_more curious want_to_know
        need_to_know like_to_know describe define clarify help_me_understand what_if would_you_say
        do_you_think""",
    "tag": "right correct or_not or_no innit huh eh",
    "show": """
        show give list display pull pull_up fetch generate see print compute calculate compare summarize
        summarise recap report_on provide share tell_me remind_me count""",
    "summary": "summary overview recap_of breakdown",
    "metric": """
        ticket_count time_spent velocity throughput productivity stats statistics metrics burndown
        burn-down burnup cycle_time lead_time kpi kpis numbers figures performance completion_rate stat
        output workload productivity_report weekly_report monthly_report sprint_report achievements
        accomplishments""",
    "productive": "on_track efficient effective productive",
    "count": "how_many number_of count_of how_much total_number_of percentage_of share_of what_percentage_of",
    "howlong": "how_often how_long how_fast how_quickly",
    "average": "average on_average",
    "more": "more fewer less most fewest least better worse faster",
    "mean": """
        mean means meaning definition definition_of_done calculated computed measured formula difference
        stand_for derived counts defined""",
    "period": """
        last_week this_week this_month last_month last_sprint this_sprint last_quarter this_quarter
        this_year last_year sprint week month quarter year weekly monthly daily january february march
        april june july august september october november december q1 q2 q3 q4 past_week past_month
        this_afternoon this_evening days weeks sprints""",
    # Mail.
    "mail": "email e-mail mail emails mails e-mails",
    "note": "note message line memo letter msg reminder",
    "send": """
        draft make_an create_an generate_an prepare_an make_a_mail send compose shoot drop fire_off fire
        prepare forward send_out""",
    "write": "write reply respond write_back",
    "tell": "tell let notify inform",
    "help": "help",
    # What says nothing of the work.
    "ack": """
        see_you_later on_it sounds_great have_a_nice_weekend yes_it_is not_really gotcha k kk sure
        nice_work good_job great_job well_done good_work np no_problem no_worries lol haha lmao hmm hm
        hmmm mhm uh um got_it sounds_good understood agreed noted bye goodbye see_you cya see_ya
        see_you_tomorrow brb afk ttyl good_night gn happy_friday never_mind nevermind nvm welcome
        you're_welcome congrats congratulations oh ah ooh lgtm roger will_do going_to_lunch going_home
        heading_out ping pong nicely_done aye ha hehe yikes ugh meh sorry my_bad how_are_you what's_up sup
        good_one done_deal fair_enough true exactly absolutely definitely of_course same have_a_nice_day
        just_checking_in""",
    "idle": """
        for_today for_the_day for_the_week for_tonight for_the_night lunch breakfast dinner coffee standup
        stand-up meeting meetings vacation holiday interview call calls shift break nonsense talking
        arguing retro life commute workout gym complaining tea nap training adulting reading""",
}
