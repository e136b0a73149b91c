"""An invented population: given and family names of many origins in everyday frequency, and the ways they get misspelt.

Names are common ones, put together by chance; nobody real is meant. The same seed makes the same people.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from safeguarding.children.matching import Details

# origin → (share of the population, given names, family names), the commonest first
ORIGINS: dict[str, tuple[float, str, str]] = {
    "english": (
        0.60,
        "oliver olivia george amelia harry isla noah ava jack emily leo lily arthur isabella oscar sophia charlie"
        " mia archie grace freddie poppy henry freya theo ella jacob charlotte alfie florence william evie thomas"
        " alice james ruby joshua daisy edward sophie lucas matilda joseph harriet samuel lucy daniel phoebe"
        " alexander eleanor benjamin hannah isaac jessica finley molly max elizabeth ethan rosie adam bethany"
        " logan megan sebastian abigail dylan chloe harrison zoe luke martha matthew georgia reuben imogen toby"
        " erin jude francesca caleb victoria louis heidi stanley maisie rory amber tobias rebecca frederick"
        " catherine michael lydia albert annabelle nathan lottie ryan beatrice christopher bella nicholas eliza"
        " patrick niamh callum holly jamie orla connor gwen rhys carys owen seren aidan caitlin kieran rachel"
        " robert samantha jonathan margaret david katie andrew natalie zachary madeleine gabriel penelope stephen"
        " gabriella timothy josephine anthony rosemary philip philippa gregory jennifer bradley kimberley dominic"
        " amanda raymond deborah kenneth theresa",
        "smith jones williams taylor brown davies evans wilson thomas roberts johnson lewis walker robinson wood"
        " thompson white watson jackson wright green harris cooper king lee martin clarke james morgan hughes"
        " edwards hill moore clark harrison scott young morris hall ward turner carter phillips mitchell patel"
        " adams campbell anderson allen cook bailey parker miller davis murphy price bell baker griffiths kelly"
        " simpson marshall collins bennett cox richardson fox gray rose chapman hunt robertson shaw reynolds lloyd"
        " ellis richards russell wilkinson khan graham stewart reid murray powell palmer holmes rogers stevens"
        " walsh hunter thomson matthews ross owen mason knight kennedy butler saunders cole pearce dean foster"
        " harvey hudson gibson mills berry stone kaur osborne webb dixon ford barker fletcher macdonald mcdonald"
        " oconnor oneill doyle byrne ryan sullivan gallagher mccarthy macleod sinclair buchanan ferguson pritchard"
        " vaughan",
    ),
    "south asian muslim": (
        0.12,
        "muhammad aisha ibrahim fatima yusuf maryam ali zainab ahmed khadija hamza amina abdullah hafsa omar"
        " safiya ismail sara hassan noor bilal zara hussain layla zayn sumaya mohammed ayesha musa rukhsana umar"
        " iqra usman mariam ayaan inaya rayyan anaya imran samira tariq nadia kamran bushra faisal shazia asif"
        " saima waqar rubina nadeem farah shahid nasreen adeel uzma junaid mehreen haroon sobia",
        "khan hussain ahmed ali begum akhtar iqbal mahmood shah malik bibi hussein miah uddin chowdhury rahman"
        " mirza qureshi sheikh raja butt chaudhry siddiqui ansari aslam bashir rashid saleem nawaz farooq javed"
        " parveen sultana khatun islam hossain alam haque kazmi bukhari rehman hamid latif yaqub yasin sadiq zaman"
        " majid rafiq",
    ),
    "punjabi, gujarati, tamil": (
        0.07,
        "arjun ananya aarav diya vihaan priya rohan simran krish jasmine harpreet gurpreet manpreet jaspreet"
        " amrit kiran raj anjali dev meera neel pooja nikhil kavya sanjay deepa vikram lakshmi aditya nisha karan"
        " riya sahil tanvi varun sneha ravi divya suresh geetha",
        "singh kaur patel shah sharma kumar gill sandhu dhillon desai mistry joshi mehta sidhu bains johal grewal"
        " dhaliwal rai chauhan parmar solanki reddy nair menon iyer pillai krishnan subramaniam rajan"
        " balasubramaniam sivakumar perera fernando silva",
    ),
    "polish and romanian": (
        0.07,
        "jakub zuzanna antoni julia szymon maja filip lena jan hanna aleksander zofia franciszek alicja mikolaj"
        " oliwia wojciech maria kacper amelia stanislaw pola adam wiktoria michal natalia piotr aleksandra mateusz"
        " katarzyna tomasz agnieszka krzysztof malgorzata pawel magdalena andrei elena stefan ioana alexandru"
        " andreea mihai gabriela matei denisa david bianca luca sofia",
        "nowak kowalski wisniewski wojcik kowalczyk kaminski lewandowski zielinski szymanski wozniak dabrowski"
        " kozlowski jankowski mazur kwiatkowski krawczyk kaczmarek piotrowski grabowski zajac pawlowski michalski"
        " krol wieczorek jablonski wrobel nowakowski majewski olszewski stepien popescu ionescu popa dumitru stan"
        " stoica gheorghe rusu munteanu matei constantin serban marin ciobanu",
    ),
    "ukrainian": (
        0.02,
        "oleksandr sofiia maksym anna dmytro mariia artem anastasiia danylo polina bohdan viktoriia volodymyr"
        " kateryna andrii yelyzaveta mykhailo daryna ivan solomiia yevhen olena serhii tetiana mykola iryna vasyl"
        " nataliia oleksii yuliia ihor oksana taras olha",
        "melnyk shevchenko kovalenko bondarenko boiko tkachenko kravchenko kovalchuk koval oliinyk shevchuk"
        " polishchuk tkachuk savchenko bondar marchenko rudenko moroz lysenko petrenko klymenko pavlenko savchuk"
        " levchenko khomenko vasylenko hnatiuk yushchenko",
    ),
    "arabic, kurdish, turkish": (
        0.04,
        "mohamed fatma ahmad aya youssef mariam omar salma khaled yasmin abdelrahman huda mustafa rania karim"
        " leila hassan nour tarek amal walid dina samir hana mahmoud sara bassam lina rami jana ziad maya mehmet"
        " elif emre zeynep murat ayse can defne dilan rojin azad",
        "hassan hussein ibrahim mahmoud al-hassan saleh said osman farah yousef mansour nasser haddad khalil"
        " hamdan al-masri darwish aziz kareem abbas jaber salem yilmaz kaya demir celik sahin yildiz ozturk arslan"
        " aydin dogan kurt barzani salih rashid",
    ),
    "african and caribbean": (
        0.06,
        "david blessing emmanuel esther daniel grace samuel deborah joshua favour michael precious elijah faith"
        " kofi ama kwame abena tunde ngozi chidi adaeze oluwaseun temitope ayodele folake abdirahman hodan liban"
        " ifrah mohamud khadra kwesi efua tendai rudo tafadzwa chipo nia zuri marcus shanice jerome keisha tyrone"
        " monique malachi aaliyah",
        "okafor adeyemi mensah owusu osei boateng asante appiah adebayo okonkwo eze nwosu ogunleye balogun"
        " williams johnson campbell brown mohamed abdi hassan ali warsame farah omar ahmed jama ndlovu moyo"
        " sibanda ncube dube mutasa chikwanha banda phiri mwale mbewe kamara sesay conteh bangura koroma jalloh"
        " traore diallo",
    ),
    "portuguese and east asian": (
        0.02,
        "joao maria tiago beatriz miguel ines rodrigo leonor francisco matilde wei mei jun ling hao xin yi jing"
        " ming lan minh linh anh thao duc hoa angelo mary jose grace mark joy",
        "silva santos ferreira pereira oliveira costa rodrigues martins sousa fernandes wang li zhang liu chen"
        " yang huang zhao wu zhou nguyen tran le pham hoang vu dang bui cruz reyes garcia mendoza",
    ),
}  # fmt: skip
_SYLLABLES = (
    "brad hart wind sto kel mar thorn ash har cal ren mor fen wil tre pen lang bur ches dun glen hol ing kirk lin mel nor os pol rud",
    "ing er en el ow ar a o i is",
    "ton ham ley ford worth field by bourne dale wick stead more well man son ski enko ova ara ani ede ola wood gate shaw croft bank combe",
)

# Written down before the table of the product was looked at: how people shorten names. Only those in the population count.
NICKNAMES = (
    "oliver:ollie,olly olivia:liv,livvy george:georgie amelia:milly,amy harry:harold jack:john emily:em,emmy"
    " leo:leonard isabella:izzy,bella,isobel arthur:art,artie sophia:soph,sophie charlie:charles archie:archibald"
    " freddie:fred,frederick henry:harry,hal theo:theodore ella:eleanor jacob:jake charlotte:charlie,lottie"
    " alfie:alfred florence:flo,florrie evie:eve,evelyn william:will,bill,billy,liam thomas:tom,tommy"
    " james:jim,jimmy,jamie joshua:josh edward:ed,eddie,ted,teddy sophie:sophia matilda:tilly,tilda"
    " joseph:joe,joey harriet:hattie samuel:sam,sammy daniel:dan,danny alexander:alex,sandy,xander"
    " eleanor:ellie,nell,nora benjamin:ben,benji jessica:jess,jessie max:maximilian"
    " elizabeth:beth,liz,lizzie,betty,libby,eliza abigail:abi,abby megan:meg sebastian:seb bethany:beth luke:lucas"
    " matthew:matt,matty imogen:immy toby:tobias francesca:fran,frankie victoria:vicky,tori,vic"
    " rebecca:becky,bex,becca frederick:fred,freddie catherine:kate,katie,cathy,kitty michael:mike,mick,mikey"
    " albert:bert,bertie annabelle:anna,belle nathan:nate lottie:charlotte beatrice:bea,bee"
    " christopher:chris,kit,topher nicholas:nick,nicky eliza:elizabeth patrick:pat,paddy jamie:james"
    " robert:rob,bob,bobby,robbie samantha:sam jonathan:jon,jonny margaret:maggie,peggy,meg,daisy,greta"
    " david:dave,davy katie:katherine andrew:andy,drew natalie:nat zachary:zac,zach madeleine:maddie gabriel:gabe"
    " penelope:penny,pen stephen:steve gabriella:gabby,ella timothy:tim josephine:jo,josie anthony:tony"
    " rosemary:rosie,rose philip:phil,pip philippa:pippa gregory:greg jennifer:jen,jenny bradley:brad"
    " kimberley:kim dominic:dom amanda:mandy raymond:ray deborah:debbie,debs kenneth:ken theresa:tess,terri"
    " georgia:georgie tobias:toby molly:mary rosie:rose emmanuel:manny muhammad:mo mohammed:mo abdullah:abdul"
    " zuzanna:zuza katarzyna:kasia aleksandra:ola malgorzata:gosia jakub:kuba oleksandr:sasha anastasiia:nastya"
    " kateryna:katya volodymyr:vova dmytro:dima"
)
TRANSLITERATED = (
    "muhammad:mohammed,mohamed,muhammed,mohammad,mohamad mohammed:muhammad,mohamed mohamed:mohammed,muhammad"
    " aisha:ayesha,aysha,aishah fatima:fatimah,fatema yusuf:yousef,yousuf,youssef maryam:mariam,miriam"
    " zainab:zaynab,zeinab ahmed:ahmad khadija:khadijah,khadeeja abdullah:abdulla,abdallah omar:umar,omer"
    " ismail:ismael,ismaeel hassan:hasan hussain:hussein,husain,husayn layla:leila,laila umar:omar"
    " usman:uthman,osman mariam:maryam rayyan:rayan samira:sameera tariq:tarek,tarik imran:emran rukhsana:ruksana"
    " oleksandr:aleksandr,alexander sofiia:sofia,sophia maksym:maxim dmytro:dmitri,dmitry mariia:maria"
    " anastasiia:anastasia danylo:danilo,daniel viktoriia:victoria,viktoria volodymyr:vladimir"
    " kateryna:katerina,ekaterina andrii:andriy,andrei yelyzaveta:elizaveta mykhailo:mikhail yevhen:evgeny,yevgeny"
    " olena:elena serhii:sergei,serhiy,sergey tetiana:tatiana mykola:nikolai iryna:irina nataliia:natalia,nataliya"
    " oleksii:alexey,oleksiy yuliia:yulia,julia ihor:igor olha:olga bohdan:bogdan vasyl:vasily jakub:jacob"
    " zuzanna:susanna szymon:simon filip:philip hanna:hannah,anna aleksander:alexander zofia:sofia"
    " mikolaj:nicholas wiktoria:victoria michal:michael piotr:peter aleksandra:alexandra mateusz:matthew"
    " katarzyna:katarina tomasz:thomas krzysztof:christopher pawel:paul jan:john mehmet:mohammed"
    " youssef:yusuf,yousef khaled:khalid mustafa:mostafa karim:kareem leila:layla mahmoud:mahmood,mehmood"
    " zeynep:zainab walid:waleed"
)
# how a name heard on the phone is written down
_HEARD = (
    "ph>f ck>k ie>y ee>ea ei>ie y>i c>k k>c s>z z>s ll>l tt>t nn>n ss>s mm>m l>ll n>nn t>tt ah>a ou>ow ai>ay"
    " mac>mc mc>mac ea>ee f>ph sh>sch th>t w>wh er>ar a>e o>oh e>"
)
SOUNDS_LIKE = tuple(tuple(pair.split(">")) for pair in _HEARD.split())


def _table(text: str) -> dict[str, list[str]]:
    return {name: others.split(",") for name, _, others in (entry.partition(":") for entry in text.split())}


NICKNAME_OF, SPELLING_OF = _table(NICKNAMES), _table(TRANSLITERATED)


def population(count: int, seed: int) -> Iterator[Details]:
    """`count` children of 0 to 17: three quarters of the commonest names, a long tail, doubles, dates not known."""
    chance = Random(seed)
    pools = [
        (given.split(), [1 / (3 + rank) for rank in range(len(given.split()))],
         family.split(), [1 / (3 + rank) for rank in range(len(family.split()))])
        for _, given, family in ORIGINS.values()
    ]  # fmt: skip
    shares = [share for share, _, _ in ORIGINS.values()]
    for _ in range(count):
        givens, given_weights, families, family_weights = chance.choices(pools, shares)[0]
        (given,) = chance.choices(givens, given_weights)
        (family,) = chance.choices(families, family_weights)
        if chance.random() < 0.25:
            family = "".join(chance.choice(part.split()) for part in _SYLLABLES)
        if chance.random() < 0.06:
            family = f"{family}-{chance.choices(families, family_weights)[0]}"
        if chance.random() < 0.05:
            given = f"{given} {chance.choice(givens)}"
        yield Details(_capital(given), _capital(family), _born(chance))


def _capital(name: str) -> str:
    return "-".join(part.title() for part in name.split("-"))


def _born(chance: Random) -> dt.date | None:
    lot = chance.random()
    if lot < 0.01:
        return None
    day = dt.date(2008, 12, 1) + dt.timedelta(days=chance.randrange(6560))
    # whose birthday nobody wrote down is often given the first of January
    return day.replace(month=1, day=1) if lot < 0.02 else day


@dataclass(frozen=True)
class Slip:
    """One kind of mistake; `make` gives nothing for a child to whom it cannot happen. `goal`: the recall asked for."""

    name: str
    goal: float | None
    make: Callable[[Details, Random], Details | None]

    def __call__(self, child: Details, chance: Random) -> Details | None:
        made = self.make(child, chance)
        return None if made == child and self.name != "exact" else made


def typo(text: str, chance: Random) -> str:
    letters, place, kind = list(text), chance.randrange(len(text)), chance.random()
    if kind < 0.3 and len(letters) > 2:
        del letters[place]
    elif kind < 0.55:
        letters[place] = chance.choice("abcdefghijklmnopqrstuvwxyz")
    elif kind < 0.75 and place < len(letters) - 1:
        letters[place], letters[place + 1] = letters[place + 1], letters[place]
    else:
        letters.insert(place, chance.choice("abcdefghijklmnopqrstuvwxyz"))
    return "".join(letters)


def _in_one_name(change: Callable[[str, Random], str], child: Details, chance: Random) -> Details:
    if chance.random() < 0.5:
        return replace(child, given_name=change(child.given_name.lower(), chance))
    return replace(child, family_name=change(child.family_name.lower(), chance))


def one_typo(child: Details, chance: Random) -> Details:
    return _in_one_name(typo, child, chance)


def two_typos(child: Details, chance: Random) -> Details:
    return one_typo(one_typo(child, chance), chance)


def typo_in_both(child: Details, chance: Random) -> Details:
    return replace(
        child,
        given_name=typo(child.given_name.lower(), chance),
        family_name=typo(child.family_name.lower(), chance),
    )


def _heard(text: str, chance: Random) -> str:
    for spelt, heard in chance.sample(SOUNDS_LIKE, len(SOUNDS_LIKE)):
        if spelt in text[1:]:
            return text[0] + text[1:].replace(spelt, heard, 1)
    return text


def phonetic(child: Details, chance: Random) -> Details:
    return _in_one_name(_heard, child, chance)


def phonetic_in_both(child: Details, chance: Random) -> Details:
    return replace(
        child,
        given_name=_heard(child.given_name.lower(), chance),
        family_name=_heard(child.family_name.lower(), chance),
    )


def swapped(child: Details, chance: Random) -> Details:
    return replace(child, given_name=child.family_name, family_name=child.given_name)


def _other_given(table: dict[str, list[str]], child: Details, chance: Random) -> Details | None:
    others = table.get(child.given_name.lower())
    return replace(child, given_name=chance.choice(others)) if others else None


def nickname(child: Details, chance: Random) -> Details | None:
    return _other_given(NICKNAME_OF, child, chance)


def transliterated(child: Details, chance: Random) -> Details | None:
    return _other_given(SPELLING_OF, child, chance)


def maiden(child: Details, chance: Random) -> Details | None:
    if "-" in child.family_name:
        return replace(child, family_name=chance.choice(child.family_name.split("-")))
    return replace(child, family_name=f"{child.family_name}-{chance.choice(['Marsh', 'Okoro', 'Lane', 'Novak'])}")


def _other_date(child: Details, **parts: int) -> Details | None:
    if child.date_of_birth is None:
        return None
    try:
        return replace(child, date_of_birth=child.date_of_birth.replace(**parts))
    except ValueError:
        return None


def day_and_month_swapped(child: Details, chance: Random) -> Details | None:
    born = child.date_of_birth
    return _other_date(child, day=born.month, month=born.day) if born and born.day <= 12 else None


def wrong_day(child: Details, chance: Random) -> Details | None:
    return _other_date(child, day=chance.randint(1, 31))


def wrong_month(child: Details, chance: Random) -> Details | None:
    return _other_date(child, month=chance.randint(1, 12))


def wrong_year(child: Details, chance: Random) -> Details | None:
    return _other_date(child, year=child.date_of_birth.year + chance.choice((-1, 1))) if child.date_of_birth else None


def typo_and_swapped_day(child: Details, chance: Random) -> Details | None:
    other = day_and_month_swapped(child, chance)
    return one_typo(other, chance) if other else None


def without_birth(child: Details, chance: Random) -> Details:
    return replace(child, date_of_birth=None)


SLIPS = (
    Slip("exact", None, lambda child, chance: child),
    Slip("typo", 0.95, one_typo),
    Slip("two typos", 0.8, two_typos),
    Slip("a typo in each name", 0.8, typo_in_both),
    Slip("phonetic", 0.95, phonetic),
    Slip("phonetic in both names", 0.95, phonetic_in_both),
    Slip("names swapped", 0.95, swapped),
    Slip("nickname", 0.95, nickname),
    Slip("hyphen or maiden name", 0.95, maiden),
    Slip("transliterated", 0.95, transliterated),
    Slip("day and month swapped", 0.95, day_and_month_swapped),
    Slip("wrong day", 0.95, wrong_day),
    Slip("wrong month", 0.95, wrong_month),
    Slip("year off by one", None, wrong_year),
    Slip("typo, day and month swapped", None, typo_and_swapped_day),
    Slip("date of birth not known", None, without_birth),
)
