"""Invented people, with given and family names of many origins put together so that nobody real is meant."""

GIVEN = (
    "Oluwaseun", "Brangwen", "Farzaneh", "Mirek", "Thandiwe", "Ottoline", "Kavindu", "Solveig", "Ekaterini", "Jamilah",
    "Rhydian", "Xiulan", "Dragomir", "Anouk", "Tariku", "Peregrine", "Lakshmi", "Zbigniew", "Marisol", "Cuthbert",
    "Nanami", "Idris", "Fionnuala", "Baraka", "Ingeborg", "Harpreet", "Leocadia", "Tamati", "Yevheniia", "Osgood",
    "Chidera", "Gwenllian", "Rustam", "Philippine", "Makana", "Eirik", "Sunniva", "Abdirahman", "Clementina", "Vikram",
    "Ailsa", "Teodora", "Kwabena", "Persis", "Mehmet", "Hyacinth", "Duc", "Ramona",
)  # fmt: skip
FAMILY = (
    "Akintola-Frayne", "Thistlewaite", "Mirzadeh", "Kowalczuk", "Ndlovu-Byrne", "Quarrington", "Perera-Holt", "Lindqvist",
    "Papadimos", "Farouqi", "Penhallow", "Guo-Merton", "Stoyanovic", "Verhaeghe", "Abebe-Stroud", "Marchbanks",
    "Raghunath", "Wisniowski", "Echeverri", "Oldershaw", "Hoshikawa", "Boumedine", "Gallachan", "Mwangaza",
    "Thorsdotter", "Sandhar", "Villafane", "Rangihau", "Shevchuk-Dale", "Bramhallow", "Okwuosa", "Cadwgan",
    "Yuldashev", "Delacourte", "Kealamakia", "Haugsdal", "Nilssen-Rook", "Warsamow", "Ferrantini", "Chaudhuri-Pym",
    "Drumgoole", "Marinescu", "Asantewaa", "Vaziri", "Karaoglan", "Fairweather-Obi", "Truong-Hale", "Castellow",
    "Zelenko",
)  # fmt: skip


def person(number: int) -> str:
    """A name for the `number`th person: the two lists have no common factor, so all pairs are used before one repeats."""
    return f"{GIVEN[number % len(GIVEN)]} {FAMILY[number * 5 % len(FAMILY)]}"
