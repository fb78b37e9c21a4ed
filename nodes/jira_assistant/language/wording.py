"""What people type and what a colleague would write instead: data only.

`CASUAL` lowers the tone score of a draft; `SHORT` and `TYPOS` are merely unfinished spelling. An empty
replacement drops the word. Each table is read by `language.tidy`; the tone check reads the word lists.
"""

from nodes.jira_assistant.language.tables import pairs, word_set

CASUAL = pairs("""
    gonna=going to; wanna=want to; gotta=have to; hafta=have to; dunno=do not know; lemme=let me
    gimme=give me; kinda=somewhat; sorta=somewhat; outta=out of; lotta=lot of; tryna=trying to
    shoulda=should have; coulda=could have; woulda=would have; whatcha=what are you; c'mon=; y'all=you
    ain't=is not; aint=is not; cuz=because; bc=because; coz=because; bcuz=because; bc=because
    bcoz=because; 'cause=because; tho=though; thru=through; til=until; u=you; ur=your; r=are; ppl=people
    peeps=people; pls=please; plz=please; plez=please; sry=sorry; srry=sorry; nite=night; wat=what
    prolly=probably; probs=probably; prob=probably; obv=obviously; defo=definitely; deffo=definitely
    dude=; dudes=; bro=; bruh=; lol=; lmao=; rofl=; haha=; hahaha=; hehe=; omg=; wtf=; smh=; ffs=; jk=
    hmm=; hmmm=; ugh=; argh=; oops=; whoops=; yay=; woot=; woohoo=; yikes=; phew=; welp=; huh=; wow=
    duh=; nah=no; damn=; dang=; freaking=; freakin=; fricking=; friggin=; frigging=; fucking=; fuckin=
    hella=; totes=; thx=thanks; thanx=thanks; tnx=thanks; kthx=; kthxbye=; gotcha=; xoxo=; btw=; tbh=
    ngl=; fyi=; imo=in my opinion; imho=in my opinion; idk=I do not know; rn=now; nvm=never mind; yolo=
    noob=beginner; legit=; borked=broken; busted=broken; hosed=broken; fubar=broken; wonky=unreliable
    janky=unreliable; crappy=poor; stuff=work; thingy=item; thingies=items; bugfixing=fixing bugs
    nuked=deleted; nuking=deleting; nuke=delete; yeeted=removed; yeet=remove; ditched=removed
    sucks=is poor; barfs=fails; barfed=failed; yep=yes; yup=yes; yeah=yes; yea=yes; nope=no; awesome=
    guys=
""")

SHORT = pairs("""
    asap=as soon as possible; afaik=as far as I know; afaict=as far as I can tell
    iirc=if I recall correctly; atm=at the moment; abt=about; esp=especially; eod=end of day
    eow=end of week; tmrw=tomorrow; tmr=tomorrow; tmrrw=tomorrow; tmw=tomorrow; tomo=tomorrow
    tmro=tomorrow; tomoz=tomorrow; yday=yesterday; yest=yesterday; yesty=yesterday; tonite=tonight
    wk=week; wks=weeks; wknd=weekend; hrs=hours; mins=minutes; secs=seconds; mtg=meeting; mtgs=meetings
    msg=message; msgs=messages; prod=production; db=database; dbs=databases; env=environment
    envs=environments; creds=credentials; deps=dependencies; perf=performance; infra=infrastructure
    dupe=duplicate; dupes=duplicates; mgr=manager; mgmt=management; devs=developers; convo=conversation
    impl=implementation; pic=image; pics=images; approx=approximately; prio=priority; reprod=reproduced
    vacay=vacation; svc=service; svcs=services; im=I am; ive=I have; id like=I would like; dont=do not
    doesnt=does not; didnt=did not; isnt=is not; arent=are not; wasnt=was not; werent=were not
    cant=cannot; couldnt=could not; wouldnt=would not; shouldnt=should not; hasnt=has not
    havent=have not; hadnt=had not; wont=will not; thats=that is; whats=what is; theres=there is
    youre=you are; theyre=they are; weve=we have; youve=you have; theyve=they have; hes=he is
    shes=she is; itll=it will; theyll=they will; youll=you will; mustnt=must not
""")

PHRASES = pairs("""
    figure out=determine; figured out=determined; figuring out=determining; dig into=investigate
    dug into=investigated; digging into=investigating; get rid of=remove; got rid of=removed
    mess with=affect; getting rid of=removing; knocked out=finished; kicked off=started
    kicking off=starting; kick off=start; blew up=failed; blows up=fails; blowing up=failing
    sort out=resolve; sorted out=resolved; spun up=set up; sorting out=resolving; hop on=join
    hopped on=joined; pinged=contacted; pinging=contacting; ping=contact; chatted with=spoke with
    poked around=looked around; poking around in=looking into; poking at=looking into
    poked at=looked into; a bunch of=several; bunch of=several; tons of=many; a ton of=many
    loads of=many; lots of=many; a ton=a lot; pretty much=nearly; gave up on=stopped work on
    got stuck=became stuck; way too=much too; got to=have to; half way=halfway; real quick=; no biggie=
    my bad=; fingers crossed=; and stuff=; or something=; or whatever=; you know what=; just fyi=
    just an fyi=; heads up=; as we speak=now; right now=now; blocked cuz=blocked because
    out of whack=inconsistent; going nuts=failing; acting up=malfunctioning; playing up=malfunctioning
    screwed up=broken; effed up=broken; messed up=broken; cranking out=producing; hung up on=blocked by
    off the rails=wrong; turns out=it turns out that; chimed in=commented; gonna need=will need
    is gonna=will; are gonna=will; not gonna=not going to; kinda sorta=somewhat
    works like a charm=works as expected; work like a charm=work as expected; like a charm=as expected
    lmk=please let me know; good to go=ready; all set=ready; up and running=running
    back up=running again
""")

TYPOS = pairs("""
    teh=the; hte=the; adn=and; nad=and; taht=that; thsi=this; wiht=with; wtih=with; fo=of; fxied=fixed
    fixd=fixed; fiexd=fixed; fixxed=fixed; fixe=fixed; fied=fixed; ficed=fixed; fixng=fixing; tets=tests
    tset=test; tsets=tests; tetsed=tested; testd=tested; tesed=tested; tseted=tested; tesing=testing
    tetsing=testing; stagin=staging; stagging=staging; stagng=staging; deploymnet=deployment
    deployement=deployment; depoyed=deployed; deployd=deployed; dpeloyed=deployed; deplyed=deployed
    depolyed=deployed; depoly=deploy; deply=deploy; dploy=deploy; deplying=deploying; wroking=working
    workin=working; wokring=working; worknig=working; wrking=working; udpate=update; updte=update
    updaet=update; udpated=updated; updatd=updated; upated=updated; udpating=updating; comited=committed
    commited=committed; commiting=committing; comit=commit; commmit=commit; merdged=merged; mergd=merged
    megred=merged; implmented=implemented; implemeted=implemented; implmenting=implementing
    implementaion=implementation; implemenation=implementation; finsihed=finished; finshed=finished
    finised=finished; finishd=finished; fnished=finished; complted=completed; compelted=completed
    completd=completed; completly=completely; refacor=refactor; refactord=refactored
    refacored=refactored; refactering=refactoring; reviewd=reviewed; reveiw=review; reveiwed=reviewed
    revied=reviewed; reviw=review; recieve=receive; recieved=received; seperate=separate
    seperated=separated; seperately=separately; occured=occurred; occuring=occurring
    occurence=occurrence; enviroment=environment; enviornment=environment; enviroments=environments
    environmnet=environment; dependancy=dependency; dependancies=dependencies; depedency=dependency
    compatability=compatibility; compatibilty=compatibility; succesfully=successfully
    successfuly=successfully; sucessfully=successfully; succesful=successful; retreive=retrieve
    retreived=retrieved; wich=which; whcih=which; becuase=because; becasue=because; beacuse=because
    becaus=because; adress=address; adressed=addressed; addresed=addressed; authetication=authentication
    authentification=authentication; authenication=authentication; databse=database; datbase=database
    databas=database; endpiont=endpoint; endpont=endpoint; enpoint=endpoint; functionalty=functionality
    fuctionality=functionality; fucntion=function; funciton=function; fuction=function; buton=button
    bttn=button; buttom=button; logn=login; lgoin=login; loign=login; pgae=page; paeg=page; isue=issue
    issuse=issue; isssue=issue; ticekt=ticket; tiket=ticket; pipline=pipeline; pipleine=pipeline
    migraton=migration; migartion=migration; tommorow=tomorrow; tommorrow=tomorrow; tomorow=tomorrow
    tomorrrow=tomorrow; yesturday=yesterday; wendesday=Wednesday; wensday=Wednesday
    definately=definitely; definitly=definitely; untill=until; allready=already; alredy=already
    realy=really; probaly=probably; probly=probably; waitng=waiting; waitin=waiting; wating=waiting
    blokced=blocked; bloked=blocked; blcoked=blocked; brokn=broken; borken=broken; brokne=broken
    chekced=checked; chcked=checked; cheked=checked; chnage=change; chnages=changes; chagne=change
    changd=changed; chaged=changed; documention=documentation; documantation=documentation
    docuemntation=documentation; releas=release; realease=release; relase=release; realeased=released
    relased=released; requirment=requirement; requirments=requirements; resoved=resolved
    resovled=resolved; investgating=investigating; investigaing=investigating
    investigting=investigating; mesage=message; messge=message; eror=error; errror=error; erros=errors
    exeption=exception; excpetion=exception; valdiation=validation; vaildation=validation
    validaton=validation; permisson=permission; permisions=permissions; performace=performance
    perfomance=performance; configuraton=configuration; confguration=configuration; brach=branch
    bracnh=branch; repositry=repository; repostory=repository; alot=a lot; aswell=as well
    noticable=noticeable; wierd=weird; paramter=parameter; paramters=parameters; reponse=response
    respone=response; reqeust=request; requst=request; serivce=service; sevice=service; srever=server
    lenght=length; acess=access; accessable=accessible; basicly=basically; beggining=beginning
    existant=existent; hapening=happening; maintainance=maintenance; neccessary=necessary
    necesary=necessary; priviledge=privilege; refered=referred; similiar=similar; threshhold=threshold
    usefull=useful; alwyas=always; managr=manager; emaill=email; eamil=email; mial=mail; sned=send
    wriet=write; drfat=draft; manger=manager; emial=email; meetng=meeting; shcedule=schedule
    delpoy=deploy; delpoyed=deployed; ddone=done; dne=done; doen=done; stil=still; stll=still
    sitll=still; nto=not; jsut=just; juts=just; wirte=write; wrte=write; writen=written; neeed=need
    ened=need
""")  # fmt: skip

SPELLING = pairs("""
    api=API; apis=APIs; pr=PR; prs=PRs; mr=MR; ui=UI; ux=UX; css=CSS; html=HTML; sql=SQL; json=JSON
    xml=XML; csv=CSV; url=URL; urls=URLs; ci=CI; cd=CD; qa=QA; uat=UAT; aws=AWS; gcp=GCP; dns=DNS
    tls=TLS; ssl=SSL; ssh=SSH; http=HTTP; https=HTTPS; vpn=VPN; cors=CORS; jwt=JWT; sso=SSO; mfa=MFA
    cdn=CDN; cpu=CPU; gpu=GPU; ram=RAM; sdk=SDK; cli=CLI; ide=IDE; orm=ORM; crud=CRUD; pdf=PDF
    pdfs=PDFs; faq=FAQ; eta=ETA; poc=PoC; mvp=MVP; kpi=KPI; kpis=KPIs; sla=SLA; slo=SLO; rca=RCA
    rfc=RFC; adr=ADR; xss=XSS; csrf=CSRF; lgtm=LGTM; jira=Jira; github=GitHub; gitlab=GitLab
    bitbucket=Bitbucket; jenkins=Jenkins; docker=Docker; kubernetes=Kubernetes; postgres=Postgres
    postgresql=PostgreSQL; mysql=MySQL; redis=Redis; kafka=Kafka; mongodb=MongoDB; mongo=Mongo
    elasticsearch=Elasticsearch; grafana=Grafana; prometheus=Prometheus; datadog=Datadog; sentry=Sentry
    slack=Slack; figma=Figma; confluence=Confluence; terraform=Terraform; ansible=Ansible; helm=Helm
    nginx=NGINX; python=Python; java=Java; javascript=JavaScript; typescript=TypeScript; django=Django
    flask=Flask; angular=Angular; graphql=GraphQL; grpc=gRPC; oauth=OAuth; ios=iOS; android=Android
    linux=Linux; macos=macOS; chrome=Chrome; firefox=Firefox; safari=Safari; stripe=Stripe
    paypal=PayPal; azure=Azure; rabbitmq=RabbitMQ; webpack=webpack; ok=OK; monday=Monday
    tuesday=Tuesday; wednesday=Wednesday; thursday=Thursday; friday=Friday; saturday=Saturday
    sunday=Sunday; january=January; february=February; april=April; june=June; july=July; august=August
    september=September; october=October; november=November; december=December; english=English; i=I
    hr=HR; ceo=CEO; cto=CTO; pm=PM; po=PO; pto=PTO; wfh=WFH; okr=OKR; okrs=OKRs; acl=ACL; rbac=RBAC
    smtp=SMTP; saml=SAML; ldap=LDAP; s3=S3; ec2=EC2; sre=SRE; utc=UTC; ip=IP; ips=IPs; tcp=TCP; udp=UDP
    etl=ETL; bi=BI; ml=ML; ai=AI; llm=LLM; seo=SEO; gdpr=GDPR; pii=PII; id=ID; ids=IDs
""")

PROFESSIONAL = word_set("""
    access active added addressed analysed analysis analyzed api applied approval approved architecture
    assigned assistance authentication available awaiting behaviour behavior blocked branch build
    checked code committed complete completed completion component configuration configured confirm
    confirmed corrected created credentials currently customer dashboard data database debugging defect
    delivered dependencies dependency deploy deployed deploying deployment design determined developed
    development documentation documented endpoint ensure environment error errors estimated expected
    failing failure feature feedback finalized finished fix fixed fixing follow-up functionality
    identified impact implement implementation implemented implementing improved in-progress
    infrastructure integrated integration introduced investigate investigated investigating
    investigation issue issues latency maintenance meeting merged merging metrics migrated migration
    module monitored monitoring noted optimised optimized outstanding parameter passing patch pending
    performance permission permissions pipeline planned prepared priority process production progress
    project pull query refactored refactoring regards regarding regression release released remaining
    removed replaced reported repository reproduced request requested require required requirement
    requirements requires resolved response reviewed review reviewing rollback root schedule scheduled
    schema scope server service session sincerely specification sprint stable staging started status
    submitted successfully suite support team test tested testing tests ticket timeline unit update
    updated updating upgrade upgraded validated validation verification verified version waiting
    workflow
""")  # fmt: skip

PROFANITY = word_set("""
    arse arsehole ass asshole assholes bastard bastards bitch bitches bitching bollocks bullshit
    bullshitting cunt cunts dickhead dumbass fuck fucked fucker fuckers fuckin fucking fucks goddamn
    horseshit jackass motherfucker motherfucking piss pissed prick pricks shit shits shithole shitshow
    shitty twat wanker wtf ffs
""")  # fmt: skip
CASUAL_WORDS = frozenset(CASUAL) - word_set("r bc til legit noob nuke nuking nuked prob ya bugfixing hmm")
"""Those whose every use is casual: each lowers the tone score."""
