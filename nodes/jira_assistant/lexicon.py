"""The words the rules know, by class: whoever meets a new way of speaking adds it here.

The shapes in `rules` are written in class names, never in words, so one added word serves every rule.
An underscore stands for a space: "wrapped_up" is read as one word, the longest phrase first. A word is in one
class only. A word in no class is `ing` or `ed` by its ending, else `other`; no completion has room for those.
"""

from nodes.jira_assistant.asking_words import ASKING
from nodes.jira_assistant.foreign_words import FOREIGN

WORDS: dict[str, str] = {
    # Who and what is spoken of.
    "self": "i we",
    "you": "you u ya yall",
    "me": "me us myself",
    # "The team" that finished it is we; elsewhere it is read as any other crowd.
    "ours": "our_team the_team my_team the_whole_team our_whole_team our_squad the_squad",
    "anyone": "anyone anybody someone somebody",
    "crowd": """
        bot assistant team squad folks guys everyone everybody all_of_you boss mate bro dude people
        sir madam buddy pal chief""",
    "it": "it this that this_one that_one everything all_of_it the_whole_thing",
    "they": "they these those he she him them",
    "there": "there here",
    "det": "the my our",
    "odet": "a an your his her their another any every each",
    "task": "task ticket story card subtask sub-task assignment work_item",
    "issue": "issue item feature epic",
    "tasks": """
        subtasks sub-tasks tickets tasks issues bugs stories points story_points hours commits cards
        items pull_requests merge_requests work_items deliverables prs mrs leftovers""",
    "work": "work everything_on everything_in everything_for all_work all_the_work",
    "artifact": """
        tests test build pipeline ci checks unit_tests qa pr mr code changes review commit patch
        acceptance_criteria criteria test_suite smoke_tests regression_tests integration_tests
        comments review_comments feedback""",
    # Whose word makes work accepted, and what is to be done with work.
    "judge": """
        client clients customer customers po product_owner pm stakeholder stakeholders reviewer
        reviewers tester testers sponsor""",
    "deed": "migration rewrite upgrade redesign rollout cleanup overhaul revamp rework cutover",
    "stuff": "thing stuff",
    "tech": """
        api apis staging oauth oauth2 sso docs database db cache redis postgres kafka docker
        kubernetes k8s deploy deployment sdk cli css html ui ux json yaml sql cron repo auth
        authentication authorization config schema token tokens webhook webhooks library dependency
        dependencies endpoint server microservice terraform nginx jenkins graphql rest grpc
        frontend-app javascript typescript python java react node regex jwt tls ssl dns vpn cdn s3
        aws gcp azure helm ansible elasticsearch mongodb mysql sqlite rabbitmq celery backup logging
        linter lint middleware proxy websocket unit-tests e2e ci/cd""",
    "thing": """
        branch button service template field notification notifications form page parser
        verification validation queue label tooltip toast dialog checkbox filter icon dropdown menu
        modal_dialog tab screen flag widget chart dashboard module job handler layout signature
        address addresses worker integration provider gateway sending delivery bounce link header
        footer log command rate flow login signup checkout jira search payment payments invoice
        onboarding website app release report notes""",
    "prod": "prod production main master trunk",
    # Small words.
    "be": "r is are am",
    "was": "was were",
    "been": "been",
    "to_be": "be being",
    "have": "have hav hve",
    "has": "has",
    "do": "do",
    "did": "did",
    "does": "does",
    "can": "may can could can_go may_go",
    "will": "will",
    "modal": "should might would",
    "and": "and plus",
    "so": "so",
    "with": "w with w/",
    "on": "on for",
    "by": "by via",
    "of": "of",
    "to": "to into as",
    "in": """
        in at from onto under over per about re regarding concerning during since through than
        within as_for with_regard_to with_respect_to""",
    "off": "off out up",
    "what": "what",
    "which": "which",
    "how": "how_well how_good how",
    "wh": "who whose whom why where how_come how_about what_about",
    "when": "when",
    # What finishes, and what stand beside it.
    "fin": """
        finished completed closed resolved finalized finalised concluded accomplished wrapped_up
        closed_out closed_off finished_up finished_off got_it_finished finished_working_on
        finished_all_work_on""",
    "done": """
        all_set_and_done done done_and_dusted over_and_done_with got_it_done done_&_dusted
        a_done_deal ready_and_done ready_and_closed job_done_on job_done_with done_working_on""",
    "complete": "complete",
    # Said of a key these finish it; said of a thing they mean one step.
    "ship": """
        across_the_line across_the_finish_line over_the_line over_the_finish_line shipped delivered
        nailed crushed wrapped knocked_out sorted_out polished_off ticked_off checked_off
        crossed_off in_the_books out_the_door sorted off_my_plate off_my_list off_my_desk in_the_bag""",
    "knocked": "knocked crossed ticked",
    "bed": "to_bed",
    "put": "put",
    "wrap": "wrap",
    "got": "got gotten",
    "landed": """
        works worked met pass passed passes passing green approved live verified merged deployed
        released pushed accepted tested reviewed in_prod in_production signed_off signed_it_off
        signs_off went_live ran_through gone_live went_out rolled_out_to_everyone merged_in cleared
        handed_in confirmed""",
    "tidy": "documented updated cleaned_up added written",
    "happy": "happy satisfied pleased delighted fine smoothly flawlessly correctly perfectly",
    # Says that nothing remains; "but" or "except" after it is in the way of every completion.
    "clean": """
        no_issues no_issue no_issues_seen no_issues_found no_problems no_errors no_regressions
        no_complaints no_follow_ups no_follow-ups no_followups no_remarks no_findings no_open_points
        no_open_points_anymore no_open_questions no_open_items no_leftovers no_surprises
        nothing_left nothing_left_to_do nothing_more_to_do nothing_else_to_do nothing_open
        nothing_outstanding nothing_missing nothing_pending zero_issues zero_bugs without_issues
        without_problems no_further_work no_further_work_needed no_more_work_needed nothing_else
        no_further_steps no_further_action no_bugs_left no_work_left no_work_remaining no_more_work
        no_further_action_needed no_further_action_required no_action_needed no_follow-up_needed
        no_follow-up no_follow_up_needed no_followup_needed no_loose_ends nothing_is_open
        nothing_is_left nothing_is_missing nothing_remains nothing_is_outstanding nothing_is_pending
        nothing_remains_open""",
    "tofix": "fix get ship shipping deliver achieve",
    "tofin": """
        finish wrap_up finalize finalise finishes completes accomplish finish_up finish_off
        knock_out get_done gets_done completion resolve resolves""",
    "managed": """
        managed_to was_able_to were_able_to have_managed_to has_been_able_to have_been_able_to""",
    "closable": """
        good_to_close good_to_be_closed ready_to_close ready_to_be_closed ok_to_close safe_to_close""",
    "close": "close close_out close_off check_off tick_off cross_off",
    "finishing": "closes finishing completing finalizing wrapping_up getting_done resolving wrapping",
    "closing": "closing closing_out closing_off",
    "took": "took taken takes take",
    "long": """
        a_lot_of lots_of longer forever ages long a_while quite_a_while way fight battle struggle
        slog marathon sweat effort back_and_forth hell nerves afternoon evening coffees whole entire
        full""",
    "mark": "mark set move flag_as transition drag change consider",
    "marked": "marked moved transitioned dragged",
    "marking": "marking moving setting",
    "status": "status state",
    "board": "column lane board",
    "adv": """
        the_whole_of whole_of on_time on_schedule ahead_of_schedule as_planned as_promised
        as_requested as_discussed just finally now already also completely fully totally entirely
        officially successfully all both at_last for_good as_well too right_now as_of_now as_of
        happily properly formally as_expected as_designed as_intended as_it_should last final latest
        a_day_early a_week_early ahead_of_time together within_budget""",
    "day": """
        today yesterday this_morning last_night just_now earlier_today a_minute_ago a_moment_ago
        an_hour_ago minutes_ago hours_ago a_few_minutes_ago yesterday_evening yesterday_afternoon
        yesterday_morning since_today since_yesterday since_this_morning last_friday this_afternoon
        this_evening over_the_weekend on_the_weekend since_monday since_tuesday since_wednesday
        since_thursday since_friday since_last_week from_yesterday""",
    # What makes a statement something else than a finished task.
    "neg": """
        not n't never no none nothing nobody neither nor without cannot hardly barely scarcely
        no_longer unable unfinished incomplete undone unresolved uncompleted anything_but far_from
        nowhere_near nope nah nay failed_to fails_to refuse refuses untested unmerged unreviewed
        undeployed unverified sans""",
    "hedge": """
        almost nearly basically mostly practically virtually essentially pretty_much more_or_less
        kind_of kinda sort_of sorta i_think i_believe i_guess i_suppose i_assume i_feel probably
        maybe perhaps possibly hopefully likely apparently seemingly supposedly theoretically
        in_theory afaik iirc seems seem seemed looks looks_like appears presumably pretty_sure
        fairly_sure quite_sure unsure technically close_to on_paper as_good_as done-ish just_about
        all_but roughly can't_say allegedly imagine suppose pretend as_a_concept by_now nominally
        in_principle i_reckon think guess believe suspect as_far_as_i_know to_my_knowledge
        in_my_opinion from_my_side on_my_side from_my_end on_my_end on_my_machine in_my_head
        just_kidding jk kidding modulo quasi feels feel thought perspective thus therefore
        just_joking joking""",
    "whether": "if whether",
    "cond": """
        whenever once unless until till as_soon_as before as_long_as provided assuming in_case while
        depends depending pending otherwise subject_to whichever given_that contingent either""",
    "after": "after",
    # Tells a day gone by only beside a past tense: "done after lunch" may be a plan.
    "around": """
        before_lunch after_lunch before_noon before_standup after_standup after_the_standup
        before_the_standup before_the_demo before_the_deadline before_the_weekend before_the_meeting
        after_the_meeting""",
    "because": "because cause cuz coz bc",
    "but": "but",
    "number": "two three four five six seven eight nine ten dozen couple",
    "future": """
        'll shall gonna going_to about_to tomorrow soon later next_week next_sprint next_month
        by_friday tonight eventually eta plan plans planning planned aim due deadline expect
        expecting expected intend schedule scheduled by_eod by_tomorrow eod eow in_an_hour monday
        tuesday wednesday thursday friday saturday sunday weekend goal target in_a_minute in_a_sec
        in_a_moment""",
    "wish": """
        want wants wanted wish wishes hope hopes hoping need needs needed must have_to has_to had_to
        got_to gotta try trying tries tried wanna like_to love_to let's lets supposed required
        require requires ought remember_to like_you_to want_you_to need_you_to struggling attempt
        attempting""",
    "part": """
        half halfway part parts partial partially partly phase step most_of some several initial
        so_far for_now chunk piece bit portion section wip prototype poc mvp milestone iteration
        one_of backend frontend design locally code_complete dev_done other others majority first
        second third rough preliminary temporary draft-ish skeleton basic minimal stub spike
        finish_line""",
    "rem": """
        except however though although yet still left remaining remains remain todo to-do to_do
        apart besides aside other_than minus only next then moving_on follow-up followup follow_up
        left_over outstanding missing handed_over up_next remainder leftover blocker blockers""",
    "held": """
        in_code_review in_testing in_test in_development in_dev in_uat in_the_works under_review
        blocked blocking waiting awaiting in_review in_progress in_qa on_hold ready stuck paused
        delayed late behind up_for_review waiting_for waiting_on ready_for""",
    "found": """
        found noticed discovered spotted ran_into hit uncovered reproduced turns_out realized
        realised saw""",
    "find": """
        typo bounces bounced blocks too_long too_slow fails failing fail failed broke broken bug
        crash crashes crashing crashed error errors regression flaky problem problems weird slow
        wrong leak down unstable red doesn't_work does_nothing outage timeout times_out timing_out
        hangs overlaps throws returns disabled empty twice invalid exception too_high too_low
        too_big too_small too_many too_much""",
    "report": """
        say says said told tells claims claimed reckons thinks mentioned reported announced
        according_to i_heard heard rumour_has_it rumor_has_it shows reads confirms states""",
    "reverse": """
        reopen reopened reopening by_mistake by_accident accidentally wrongly mistakenly prematurely
        too_early unmark undo revert reverted scratch_that wrong_ticket wrong_one oops whoops
        ignore_that cancel cancelled canceled duplicate wontfix won't_fix obsolete hold_off
        keep_it_open leave_it_open keep_this_open stop""",
    "keep": "keep leave keeping leaving",
    "open": "open",
    "prog": """
        working doing fixing started starting continuing continued implemented implementing
        deploying merging testing reviewing investigating debugging refactored refactoring adding
        wrote writing built building created creating pushing paired upgraded upgrading opened
        removed migrated looking_into looked_into picked_up picking_up switching spent emailed
        mailed sent received renamed changed helped addressed improved made_progress progress
        cleaning_up rolled_out rolling_out set_up setting_up made handed rebased wired hooked
        tackled tackling researching drafted configured automating triaged groomed achieved""",
    "fixed": "fixed solved",
}

TABLES = (WORDS, ASKING, FOREIGN)
