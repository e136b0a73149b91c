"""Given names that people use for one another: short forms, and one name as several languages spell it (ALR-03).

A name may stand in several rows. Put together by us out of everyday use, without accents, in the letters of `names.key`.
"""

# English, Welsh, Scottish and Irish: full names, and their short forms. Two short forms of one name are not alike for that
# alone: Alfie and Freddie, or Elsie and Libby, are as likely twins.
_SHORT = """
aaron: ron ronnie; abigail: abi abbie abby gail; adam: ad; adelaide: addie ada; agatha: aggie; agnes: aggie nessa;
alan: al; albert: al bert bertie albie;
alexander alexandra alexandria alexis: alec alex al sasha sacha sandy xander zander lexi lexie alexa sandra;
alfred: alfie alf fred freddie freddy; alice: ali allie lissa; alison: ali allie;
alistair alasdair alastair: al ally; amanda: mandy mand; amelia: amy millie milly mia emelia; andrew: andy drew;
angela angelina: angie ange; ann anne anna: annie nan nancy hannah; annabel annabelle: anna bella belle;
anthony antony: tony ant; antonia: toni tonia; archibald: archie; arthur: art artie; august: augustus augusta gus;
barbara: babs barb; barnaby: barney; bartholomew: bart; beatrice beatrix: bea bee trixie; benedict: ben benji;
benjamin: ben benji benjy benny; bernadette: bernie detta; bernard: bernie; bethany bethan: beth; bradley: brad;
bridget: brigid bridie biddy; cameron: cam; caroline carolyn: carol carrie caz; cassandra: cass cassie sandra;
catherine katherine kathryn katharine catharine caitlin catrin: kate katie katy cathy kathy kitty kat kath kay;
cecilia: cecily celia cissie; charles: charlie chas chuck; charlotte: charlie lottie lotte char charley;
chelsea: chels; christopher: chris kit topher christy; christine christina: chris chrissie christie tina kirsty;
clementine: clem clemmie; constance: connie; conrad: con; cornelius: connor con neil; cynthia: cindy;
daniel: dan danny; danielle: dani danny elle; david: dave davey davy dai dafydd; deborah debra: debbie deb debs;
declan: dec; dennis: den denny; diana diane: di; dominic dominique: dom nic; donald: don donny;
dorothy dorothea: dot dotty dolly dora thea; douglas: doug dougie; duncan: dunc; edith: edie;
edmund: ed eddie ned ted; edward: edwin eddie ed ted teddy ned; eleanor elinor: ellie nell nora ella lena elle;
elizabeth elisabeth eliza: beth liz lizzie lizzy betty elsie libby lisa bess bessie betsy elspeth ellie;
ellen: ellie nell helen; emily: em emmie milly millie emmy; emma: em emmie emmy; emmanuel: manny manu; ernest: ernie;
esther: hester essie; eugene: gene; evelyn: evie eve; eve eva: evie; felicity: fliss flick; fiona: fi fee;
florence: flo flossie florrie flora; frances francis francesca: frankie fran frank franny chess;
frederick frederic frederica: fred freddie freddy rick; gabriel gabriella gabrielle: gabe gabby gabi ella;
genevieve: gen evie jenny; geoffrey jeffrey: geoff jeff; george: georgie; georgina georgia georgiana: georgie gina;
gerald gerard: gerry jerry; gilbert: gil bert; gillian jillian: gill jill; grace: gracie; graham: gray;
gregory: greg; guinevere: gwen; gwendolyn gwendoline: gwen wendy; hannah hanna: hanny anna; harold: harry hal;
harriet harriett: hattie harri; helen helena: nell lena; henrietta: hettie etta hattie henri; henry: harry hal hank;
herbert: herbie bert; hugh hugo huw: shug; imogen: immy imo gen; irene rene:; isaac: ike zac;
isabella isabelle isabel isobel: bella izzy issy belle izzie ella; isadora: izzy dora; isaiah: izzy; jacob: jake jay;
jacqueline: jackie jacqui jacs; james seamus hamish: jim jimmy jamie jimbo jem; jane: janet jenny jan janey;
janice: jan; jasmine: jas jazz jazzy; jasper: jas; jean: jeanie; jemima: jem mima jemma; jennifer: jen jenny jenna;
jeremiah jeremy: jerry jem; jessica: jess jessie; joan joanna joanne: jo joanie;
john jonathan ian sean shaun evan ieuan: jack johnny jon jonny; jonathan: jon jonny john nathan; joseph: joe joey jo;
josephine: jo josie jose fifi; joshua: josh; judith: judy jude; julia julie julian juliet juliette: jules;
katarina katrina: kat trina kate; kenneth: ken kenny; kimberley kimberly: kim; kirsten: kirsty; kristen: kirsty kris;
lachlan: lachie; laura: laurie lauren lori; lawrence laurence: larry laurie loz; leah: lee;
leonard leonardo: leo len lenny; leopold: leo; leslie lesley: les; lewis louis: lou louie lew; liam: will william;
lillian lilian: lily lil lilly; louise louisa: lou lulu; lucas luke luca:; lucinda: lucy cindy lu; lucy: luce lu;
luke lukas: luka; lydia: lyddie; madeleine madeline madelyn: maddie maddy mads; magdalena: lena maggie magda;
malcolm: mal; margaret marguerite: maggie meg peggy daisy madge mags greta megan margot rita;
maria marie mary: mia molly polly mamie may ria; marianne marian: mari anne; marjorie: marge margie;
mark marcus marc:; martha: marty; martin: marty mart; matilda: tilly tilda mattie; matthew mathew: matt matty;
maureen: mo; maurice morris: mo; maximilian maxwell maximus: max maxim; megan: meg meggie; melanie: mel;
melissa: mel lissa missy; mercedes: mercy; michael: mike mick mickey micky mikey; michelle: shelly chelle mich;
mildred: millie; miranda: mandy randa; miriam: mim mimi; mitchell: mitch; molly mollie: mary; montgomery: monty;
morgan: mo; muriel: mu; naomi: nomi; natalie natalia natasha: nat tasha nattie; nathan nathaniel: nate nat;
neville: nev; nicholas nicolas: nick nicky nico klaus colin; nicola nicole: nicky nikki nic; nigel: nige;
noel: noelle; norman: norm; oliver: ollie olly noll; olivia: liv livvy ollie olly livia; oscar: ossie;
oswald: ozzie ossie; pamela: pam; patience: pat; patricia: pat patty tricia trish trisha patsy;
patrick padraig: pat paddy patric rick; paul: paulie; paula pauline: polly; penelope: penny pen nell;
percival: percy; peter: pete; philip phillip: phil pip; philippa phillipa: pippa pip phil; phoebe phebe:;
priscilla: cilla prissy; prudence: pru prue; rachel rachael: rach rae; ralph: rafe; raphael rafael: rafi raf rafe;
raymond: ray; rebecca rebekah: becky bex becca beck; regina: reggie gina; reginald: reg reggie rex; reuben: rube ben;
rhiannon: rhi; richard: rick ricky dick rich richie; robert rupert robin: rob bob bobby robbie bert;
roberta: bobbie robbie; roderick: rod roddy rory; rodney: rod; roger: rodge; roland: rollo rolly; ronald: ron ronnie;
rosalind rosamund: rosemary rose rosie ros roz; rose: rosie rosa; rosemary: rosie rose romy; rowena: ro;
rudolph rudolf: rudy; rufus: rufe; russell: russ; ruth: ruthie; samantha: sam sammy; samson samuel: sam sammy;
sarah sara: sally sadie; sebastian: seb bas; selina: lina; shannon: shan; sharon: shaz; sheila shelagh:;
sidney sydney: sid syd; sienna: si; simon: si; solomon: sol solly; sophia sofia sophie: soph; spencer: spence;
stacey: stace anastasia; stanley: stan; stephanie: steph stevie fanny; stephen steven stephan steffan: steve stevie;
stuart stewart: stu; summer: sum; susan susannah susanna suzanne: sue suzie susie sukie; sylvester: sly;
sylvia: sylvie; tabitha: tabby; tamara: tammy tam; tamsin: tam tammy; teresa theresa: terri tess tessa;
terence terrence: terry tel; thaddeus: tad; theodora: thea dora teddy; theodore: theo teddy ted; thomas: tom tommy;
timothy: tim timmy; tobias tobiah: toby; tristan: tris; ursula: ursie; valentina valentine: val tina; valerie: val;
vanessa: nessa ness; vaughan vaughn:; veronica: ronnie vron; victor: vic; victoria: vicky vikki tori vic;
vincent: vince vinny; violet: vi lettie; vivian vivienne: viv; walter: wally walt; wilfred: wilf fred;
wilhelmina: mina minnie billie willa; william: bill billy will liam willie wills gwilym; winifred: winnie win freda;
winston: win; yvonne: von; zachary zachariah zechariah: zach zac zak zack; zoe: zo
"""

# One name as several languages, or several ways of writing another script, spell it.
_SPELT = """
abdul abdel abdal abdulla abdullah abdallah
adnan adnaan
aisha ayesha aysha aishah asha aicha ayisha
alexander aleksander aleksandr oleksandr alexandre alessandro alejandro iskander
aleksandra oleksandra alexandra
alexei alexey aleksei aleksey oleksii oleksiy oleksiy alyosha
ali aly
amina aminah ameena emina aminata
anastasia anastasiia anastasiya nastya
andrew andrei andrey andriy andrii andrzej andreas andre andrea
anna hanna hannah ania hania anya ganna
anthony antoni anton antonio
arslan arsalan
artem artyom artiom
bartholomew bartlomiej bartosz bartek
bashir basheer
bogdan bohdan
catherine katarzyna kateryna katerina ekaterina yekaterina kasia katya catalina
charles karol carlos carl karl
christina krystyna kristina khrystyna
christopher krzysztof kristof cristobal krzys
daniel danylo danilo danil daniil danyal daniyal
darya daria dariya dasha
david dawid daud dawood davyd davit
dmitri dmitry dmytro dymitr dima dmitriy
dorota dorothy
elena olena helena yelena alena
elizabeth elzbieta yelyzaveta elizaveta yelizaveta liza
ella ela
eugene yevhen evgeny yevgeny evgenii yevgeni evhen
eve ewa eva yeva
fadi fady
farouk faruk farooq faruq
fatima fatimah fatema fathima fatma fatoumata fatou
francis francisek franciszek francisco francesco frantisek
george jerzy yuri yuriy yurii jorge heorhii georgi georgiy giorgi
grace grazyna
gregory grzegorz hryhorii grigori
habib habeeb
hafsa hafza hafsah
hamza hamzah
hassan hasan hussan
helen elena olena halina
henry henryk enrique henri enrico
hussein hussain husain husayn hossein hossain hosain
ibrahim abraham ebrahim ibraheem brahim
igor ihor
ilya illia ilia eliasz
imran emran
irene irina iryna iren
isaac ishaq ishak
ishmael ismail ismael ismaeel
ivan john jan iwan ioan
jacob jakub yaqub yakub yakiv iacob kuba
james jakub
jamal gamal jamaal
jamila jameela djamila
jasmine yasmin yasmine yasmeen jasmin
jibril jibreel gabriel djibril
john jan johann juan joao yahya giovanni
joseph jozef yusuf yousef youssef yosef yusef jose giuseppe yosyp josef yousuf yusif yousaf
julia yulia yuliia iulia giulia julie
karim kareem
khadija khadijah khadeeja kadija khadidja
khalid khaled kalid
konrad conrad
laila layla leila leyla lailah
lawrence wawrzyniec lorenzo
leo lev leon lew
lucas lukasz luka luca
lucy lucja lucia luzia
magdalena magda magdalene
magdalena magdalina
mahmoud mahmood mehmood mahmud
malgorzata margaret margarita marharyta gosia
malik maleek malek
marcin martin martyn
maria mary mariia mariya maryam marya marysia maryna masha
mark marek marko
maryam mariam miriam mariyam meryem maryum
matthew mateusz matvii matvey mateo matteo matheus matthieu mathias maciej matthias
maxim maksym maksim
michael michal mykhailo mikhail miguel mikael misha michel mikail mikaeel
mohammed muhammad mohammad mohamed muhammed mohamad mohamud muhamad mohd mo mehmet mamadou muhammet
mustafa mostafa moustafa
nadia nadiia nadiya nadya
natalia nataliia nataliya natalya natalie
nicholas mikolaj mykola nikolai nikolay nicolae mikola
noor nur nour
nuala fionnuala
olga olha ola
omar umar omer umer
paul pawel pavlo pavel pablo paulo paolo
peter piotr petro pyotr pedro pietro
philip filip felipe
qasim kasim kassim gasim qassim
rahim raheem
rahman rehman rahmaan
rashid rasheed rachid
rayan ryan rayyan
roman ramon
rukhsana ruksana roxana ruxandra
saeed said sayeed saeid
safiya safia safiyah sofia
salma selma salmah
samira sameera samirah
sara sarah
sean shaun shawn shane
sergei sergey serhii serhiy sergiy sergio serge
sofia sophia zofia sofiia sofiya zosia
stanislaw stanislav stanley
stephen szczepan stepan stefan esteban etienne
suleiman sulaiman suleyman sulayman soliman solomon
susan zuzanna susanna zuzana
svetlana svitlana swietlana
tariq tarek tarik tareq
tatiana tetiana tatyana tania tanya
thaddeus tadeusz
thomas tomasz tomas toma
uthman usman osman ousmane othman
valentina walentyna
vasily vasyl vasile
victoria wiktoria viktoriia viktoria viktoriya
victor wiktor viktor
vladimir volodymyr wlodzimierz vladislav vladyslav vova
waseem wasim
william wilhelm guillermo guilherme
xenia kseniia ksenia oksana
yaroslav jaroslaw jaroslav
yasin yaseen yassin yassine
yunus younus younis yunis
zainab zaynab zeinab zaineb zeynep
zachary zakariya zakaria zacharias
zara zahra zarah zahraa
"""

_FULL_AND_SHORT: dict[str, set[str]] = {}
for _row in _SHORT.split(";"):
    _full, _, _short = _row.partition(":")
    for _name in _full.split():
        for _other in (*_full.split(), *_short.split()):
            _FULL_AND_SHORT.setdefault(_name, set()).add(_other)
_SPELLINGS_OF: dict[str, set[int]] = {}
for _number, _row in enumerate(_SPELT.strip().splitlines()):
    for _name in _row.split():
        _SPELLINGS_OF.setdefault(_name, set()).add(_number)


def is_another_form(one: str, other: str) -> bool:
    """Whether two given names, as `names.key` spells them, are forms of one."""
    if other in _FULL_AND_SHORT.get(one, ()) or one in _FULL_AND_SHORT.get(other, ()):
        return True
    return bool(_SPELLINGS_OF.get(one, set()) & _SPELLINGS_OF.get(other, set()))
