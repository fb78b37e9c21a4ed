"""Verbs of work in all their forms, and what their kind tells about a clause."""

from nodes.jira_assistant.language.tables import pairs, word_set

_REGULAR = word_set("""
    abandon accept access accommodate achieve acknowledge activate adapt add address adjust adopt align
    allow analyse analyze anonymize answer appear apply approve approximate archive arrange ask assign
    assist attach attempt attend audit automate avoid backport belong bisect blacklist block book boost
    bump cache calculate calibrate call cancel capture centralize change chase check claim clarify clean
    clear click clone close code collect commit compare compile complete configure confirm connect
    consider consist consolidate contact contain convert coordinate copy correct cover crash create crop
    customize debug decide declare decline decode decommission define delay delegate delete deliver
    demonstrate depend deploy deprecate deprioritize design detach detect determine develop diagnose
    disable discover discuss document download draft drop duplicate edit email embed emit enable encode
    encrypt end enforce enhance enrich ensure erase escalate estimate evaluate evict examine exceed
    exclude execute exist expand expect explain explore export expose extend extract fail fetch file
    filter finalise finalize finish fix flag fork format gather generate handle happen harden hash help
    highlight hope identify implement import improve include increase inform inherit initialize inject
    insert inspect install instruct instrument integrate investigate invite isolate join justify kill
    lack land launch leak limit link list listen load localize locate lock log look lower mail maintain
    manage map mark match measure mention merge migrate miss mitigate mock modify monitor move mute need
    negotiate normalize note notify obtain occur onboard open optimise optimize order organise organize
    outline overhaul paginate pair parametrize parse pass patch pause persist pick pin plan polish poll
    port post postpone practise prepare present preserve prevent print prioritise prioritize process
    promise promote propose protect prototype provide provision prune publish pull purge push quantify
    query queue raise rate reach reassign rebase recheck reconcile reconfigure record recover recreate
    redeploy redesign redirect reduce refactor refine refresh register reject release reload rely remain
    remediate remind remove rename render reopen repair rephrase replace reply report reprocess
    reproduce request require reschedule research resend reserve reset resize resolve respond restart
    restore restructure resume retest retry return reuse revert review revise rewire reword rework roll
    rotate sanitize save scaffold scale scan schedule scope scrub secure seem select separate serialize
    share ship shorten show sign simplify simulate skip soften solve sort specify split squeeze
    stabilize stage standardize start stay stitch stop store streamline stub submit subscribe suggest
    summarize support suspend swap switch sync synchronise synchronize tackle tag talk terminate test
    throttle tidy toggle track train transfer translate triage trigger trim troubleshoot try tune tweak
    unblock unify uninstall unlock unsubscribe update upgrade upload use validate verify visit wait walk
    want warn watch whitelist wish work wrap
""")
_IRREGULAR = {
    verb: tuple(forms.split("/"))
    for verb, forms in pairs("""
    be=was/been; become=became/become; begin=began/begun; break=broke/broken; bring=brought/brought
    build=built/built; buy=bought/bought; catch=caught/caught; choose=chose/chosen; come=came/come
    cut=cut/cut; do=did/done; fall=fell/fallen; feel=felt/felt; find=found/found; hear=heard/heard
    grow=grew/grown; lead=led/led; rise=rose/risen; throw=threw/thrown; get=got/got; give=gave/given
    go=went/gone; have=had/had; hit=hit/hit; hold=held/held; keep=kept/kept; know=knew/known
    let=let/let; mean=meant/meant; leave=left/left; lose=lost/lost; make=made/made; meet=met/met
    pay=paid/paid; put=put/put; read=read/read; rebuild=rebuilt/rebuilt; redo=redid/redone
    rerun=reran/rerun; reset=reset/reset; rewrite=rewrote/rewritten; run=ran/run; say=said/said
    see=saw/seen; send=sent/sent; set=set/set; shut=shut/shut; speak=spoke/spoken; spend=spent/spent
    split=split/split; take=took/taken; tell=told/told; think=thought/thought
    troubleshoot=troubleshot/troubleshot; undo=undid/undone; dig=dug/dug; freeze=froze/frozen
    override=overrode/overridden; tear=tore/torn; write=wrote/written
""").items()
}  # past and participle
_DOUBLED = word_set("""
    commit crop debug drop embed emit plug scrub spot submit sum unplug zip log map pin plan scan ship
    skip stop stub submit swap tag trim wrap get put run set cut hit shut split begin reset rerun
""")


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeou":
        return verb[:-1] + "ied"
    return verb + verb[-1] * (verb in _DOUBLED) + "ed"


def _gerund(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith(("ee", "be")):
        return verb[:-1] + "ing"
    return verb + verb[-1] * (verb in _DOUBLED) + "ing"


def third_person(verb: str) -> str:
    """fix -> fixes, try -> tries, do -> does."""
    if verb in ("have", "be"):
        return {"have": "has", "be": "is"}[verb]
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in "aeou":
        return verb[:-1] + "ies"
    return verb + "s"


VERBS = _REGULAR | frozenset(_IRREGULAR)
PARTICIPLE = {verb: _IRREGULAR[verb][1] if verb in _IRREGULAR else _past(verb) for verb in VERBS}
PAST = {_IRREGULAR[verb][0] if verb in _IRREGULAR else _past(verb): verb for verb in VERBS}
PAST |= {"cancelled": "cancel", "labelled": "label"}
GERUND = {_gerund(verb): verb for verb in VERBS}
THIRD = {third_person(verb): verb for verb in VERBS}

SYMPTOMS = word_set("""
    works fails breaks crashes hangs passes returns throws happens takes looks seems appears affects
    causes blocks needs requires depends occurs leaks times renders loads starts stops runs compiles
    builds shows
""")
"""Third-person verbs that open a clause whose subject was left out ("works now"): the subject is "it"."""
AMBIGUOUS_SYMPTOMS = word_set("stops starts builds shows loads blocks times causes returns")
PERSONAL_ACTS = word_set("""
    worked waited looked talked met spoke had went tried thought agreed spent wrote
""")
"""Past forms that people do and things do not: "PAY-12 worked on the API" is about a person."""
EVENTS = word_set("""
    failed crashed passed broke started stopped happened came ran timed finished went died hung appeared
    disappeared arrived worked kept became dropped increased took got caused returned needed required
    led grew fell rose showed threw
""")
"""Past forms that things do: "build failed"."""
NEW_THINGS = word_set("""
    add find create open write raise file discover hit introduce make propose draft report post request
    schedule start identify notice set see submit
""")
"""Verbs whose object is new: "added a test"; of others it is known: "fixed the test"."""
