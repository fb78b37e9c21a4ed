"""The words, written as in `lexicon`, that ask for something, and those that say nothing of the work."""

ASKING: dict[str, str] = {
    # Questions and figures.
    "ask": """
        i_wonder wondering do_you_know any_idea anyone_know anyone_knows anybody_know
        does_anyone_know explain any_chance any_news any_update any_updates tell_me_about
        tell_me_more curious want_to_know need_to_know like_to_know describe define clarify
        help_me_understand what_if would_you_say do_you_think jql don't_understand do_not_understand
        dont_understand wonder who_knows confused_about""",
    "tag": "right correct or_not or_no innit huh eh",
    "show": """
        show give list display pull pull_up fetch generate see print compute calculate compare
        summarize summarise recap report_on provide share tell_me remind_me count""",
    "summary": "summary overview recap_of breakdown",
    "metric": """
        ticket_count time_spent velocity throughput productivity stats statistics metrics burndown
        burn-down burnup cycle_time lead_time kpi kpis numbers figures performance completion_rate
        stat output workload productivity_report weekly_report monthly_report sprint_report
        achievements accomplishments""",
    "versus": "vs versus",
    "productive": "on_track efficient effective productive",
    "count": """
        number_of count_of total_number_of percentage_of share_of what_percentage_of ratio_of
        fraction_of rate_of percent_of what_percent_of""",
    "howmany": "how_many how_much",
    "howlong": "how_often how_long how_fast how_quickly",
    "average": "average on_average avg",
    "more": "more fewer less most fewest least better worse faster",
    "mean": """
        mean means meaning definition definition_of_done calculated computed measured formula
        difference stand_for derived counts defined""",
    "period": """
        last_week this_week this_month last_month last_sprint this_sprint last_quarter this_quarter
        this_year last_year sprint week month quarter year weekly monthly daily january february
        march april june july august september october november december q1 q2 q3 q4 past_week
        past_month days weeks sprints current_sprint past_two_weeks year_to_date day in_may this_may
        last_may for_may of_may during_may ytd mtd qtd per_day per_week""",
    # Mail.
    "mail": "email e-mail mail emails mails e-mails",
    "envelope": "recipient recipients addressee subject topic bcc",
    "note": "note message memo letter msg reminder line",
    "send": """
        draft make make_an create_an put_together generate_an prepare_an send compose shoot drop
        fire_off fire prepare forward send_out fwd""",
    "write": "write reply respond write_back answer",
    "tell": "tell let notify inform thank",
    "reach": "ask remind ping invite follow_up_with chase nudge contact congratulate cc",
    "help": "help",
    # What says nothing of the work.
    "opener": """
        happy_to_announce glad_to_announce proud_to_announce quick_heads_up a_quick_heads_up
        a_quick_note a_quick_update feels_good feels_great looks_good looks_great gtg
        for_what_it's_worth wanted_to_let_you_know want_to_let_you_know letting_you_know
        let_you_know heads_up a_heads_up quick_note note_that please_note woot ok okay okey alright
        yes yep yeah yup yea fyi btw news quick_update status_update good_news great_news boom voila
        tada hooray hurray woohoo woo yay phew well actually for_the_record anyway happy_to_report
        happy_to_say glad_to_say glad_to_report pleased_to_report pleased_to_announce i_can_confirm
        can_confirm wanted_to_say just_wanted_to_say want_to_say i_can_finally_say can_finally_say
        um uh er erm confirming confirming_that letting_everyone_know letting_you_all_know
        to_confirm happy_to_confirm stick_a_fork_in_it closing_the_loop all_good i_confirm
        i_confirm_that hereby_i_confirm i_hereby_confirm hereby""",
    "cheer": """
        success yess time_for_coffee time_for_lunch time_for_a_break time_for_a_beer great nice
        awesome cool perfect sweet excellent amazing brilliant fantastic wow what_a_ride what_a_day
        what_a_week what_a_relief what_a_journey at_long_last you_rock you_are_the_best
        you_re_the_best the_best legend love_it we_did_it we_made_it made_it we_got_there
        beers_on_me drinks_on_me""",
    "update": "update",
    "greet": """
        dear hi hello hey heya hiya yo good_morning good_afternoon good_evening morning howdy
        greetings""",
    "thanks": """
        thanks_so_much thanks_again thank_u thanks thank_you thx ty tysm cheers many_thanks
        thanks_a_lot thank_you_so_much thank_god thank_goodness thanks_for_waiting
        thank_you_for_waiting thx_for_waiting for_your_patience for_waiting sorry_for_the_delay
        sorry_for_the_wait sorry_it_took_so_long sorry_for_the_late_update""",
    "please": """
        please pls plz kindly go_ahead go_ahead_and feel_free_to be_so_kind_to be_so_kind_and
        be_so_kind_as_to so_kind be_so_kind be_kind_enough_to so_nice mind minding how_about_you
        how_about_we can_i_ask_you_to may_i_ask_you_to""",
    "ack": """
        see_you_later sounds_great have_a_nice_weekend yes_it_is gotcha k kk sure nice_work good_job
        great_job well_done good_work np no_problem no_worries mhm got_it sounds_good understood
        agreed noted bye goodbye cya see_ya see_you_tomorrow brb afk ttyl good_night gn happy_friday
        welcome you're_welcome congrats congratulations oh ah ooh lgtm roger going_to_lunch
        going_home heading_out pong nicely_done aye how_are_you what's_up sup good_one done_deal
        fair_enough true exactly absolutely definitely of_course same have_a_nice_day
        just_checking_in sure_thing see_you happy_birthday happy_new_year merry_christmas good_luck
        safe_travels enjoy have_fun funny found_it okey_dokey ignore_me i_am_back i'm_back""",
    "shrug": """
        not_really never_mind nevermind nvm hmm hm hmmm sorry my_bad yikes ugh meh will_do on_it lol
        haha lmao ha hehe wrong_chat wrong_window wrong_channel talk_later talk_soon
        talk_to_you_later oops_wrong_chat wrong_person hope_you_had""",
    "idle": """
        for_today for_the_day for_the_week for_tonight for_the_night lunch breakfast dinner coffee
        standup stand-up meeting meetings vacation holiday interview call calls shift break nonsense
        talking arguing retro life commute workout gym complaining tea nap training adulting reading""",
}
