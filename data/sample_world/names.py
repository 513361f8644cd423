"""Plausible names of people, places and organisations, with their nicknames.

Drawn at random and combined freely: any likeness to a living person is chance.
"""

import numpy as np

_MEN = (
    "James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Mark "
    "Donald Steven Paul Andrew Joshua Kenneth Kevin Brian George Timothy Edward Jeffrey Ryan Jacob Gary Nicholas "
    "Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory Alexander Patrick Frank Raymond Jack "
    "Dennis Jerry Tyler Aaron Jose Adam Nathan Henry Douglas Zachary Peter Kyle Noah Ethan Jeremy Walter Christian "
    "Keith Roger Terry Sean Austin Gerald Carl Harold Dylan Arthur Lawrence Jordan Jesse Bryan Rajesh Sanjay Anil "
    "Vikram Wei Hiroshi Omar Ahmed Luis Carlos Miguel Juan Andre Marcus Terrence Igor Dmitri Pavel"
)
_WOMEN = (
    "Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Betty Sandra Margaret "
    "Ashley Kimberly Emily Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Laura Helen Sharon "
    "Cynthia Kathleen Amy Angela Shirley Anna Brenda Pamela Nicole Emma Samantha Katherine Christine Rachel Priya "
    "Anjali Mei Yuki Fatima Maria Carmen Rosa Elena Olga Natasha Victoria Theresa Alexandra Catherine Abigail "
    "Judith"
)
_LAST = (
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson "
    "Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis "
    "Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera "
    "Campbell Mitchell Carter Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart "
    "Morris Morales Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim "
    "Cox Ward Richardson Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo "
    "Sanders Patel Myers Long Ross Foster Jimenez Powell Jenkins Perry Russell Sullivan Bell Coleman Butler "
    "Henderson Barnes Fisher Vasquez Simmons Romero Jordan Patterson Alexander Hamilton Graham Reynolds Griffin "
    "Wallace Moreno West Cole Hayes Bryant Herrera Gibson Ellis Tran Medina Aguilar Stevens Murray Ford Castro "
    "Marshall Owens Harrison Fernandez McDonald Woods Washington Kennedy Wells Vargas Henry Chen Freeman Webb "
    "Tucker Guzman Burns Crawford Olson Simpson Porter Hunter Gordon Mendez Silva Shaw Snyder Mason Dixon Munoz "
    "Hunt Hicks Holmes Palmer Wagner Black Robertson Boyd Rose Stone Salazar Fox Warren Mills Meyer Rice Schmidt "
    "Garza Daniels Ferguson Nichols Stephens Soto Weaver Ryan Gardner Payne Grant Dunn Kelley Spencer Hawkins "
    "Arnold Pierce Hansen Peters Santos Hart Bradley Knight Elliott Cunningham Duncan Armstrong Hudson Carroll "
    "Lane Riley Andrews Alvarado Ray Delgado Berry Perkins Hoffman Johnston Matthews Pena Richards Contreras "
    "Willis Carpenter Lawrence Sandoval Guerrero George Chapman Rios Estrada Ortega Watkins Greene Nunez Wheeler "
    "Valdez Harper Burke Larson Santiago Maldonado Morrison Franklin Carlson Austin Dominguez Carr Lawson Jacobs "
    "OBrien Lynch Singh Vega Bishop Montgomery Oliver Jensen Harvey Williamson Gilbert Dean Sims Espinoza Howell "
    "Li Wong Reid Hanson Le McCoy Garrett Burton Fuller Wang Weber Welch Rojas Lucas Marquez Fields Park Yang "
    "Little Banks Padilla Day Walsh Bowman Schultz Luna Fowler Mejia Kowalski Novak Petrov Ivanov Rosenberg "
    "Goldstein Cohen Levine Shapiro Feldman Friedman Katz Banerjee Chatterjee Iyer Krishnan Reddy Sharma Gupta "
    "Mehta Shah Desai Khan Hussain Malik Rahman Nakamura Tanaka Suzuki Yamamoto Zhang Liu Wu Huang Zhao Zhou Xu "
    "Sun Ferrari Rossi Bianchi Esposito Romano Colombo Ricci Marino Dubois Lefebvre Moreau Laurent Fontaine "
    "Schneider Fischer Becker Hartmann Lindqvist Bergstrom Haugen Okafor Adeyemi Mensah Abebe"
)
_STREETS = "Main Maple Oak Elm Park Washington Hospital Medical Center State Church River Hill Summit Prospect"
_SAINTS = "Luke Mary Francis Vincent Joseph Anne Raphael Elizabeth Peter Michael"
MEN, WOMEN, LAST, STREETS, SAINTS = (text.split() for text in (_MEN, _WOMEN, _LAST, _STREETS, _SAINTS))
GROUPS = [
    "Orthopaedic Associates",
    "Bone & Joint Center",
    "Orthopedics and Sports Medicine",
    "Joint Reconstruction Group",
    "Medical Group",
]
SYSTEMS = [
    "Northgate Health",
    "Harborview Partners",
    "Housatonic Santé Partners",
    "Berkshire Regional Health",
    "Mohawk Valley Partners",
    "Long Sound Health",
    "Catskill Mercy Network",
    "Bay Colony Health",
    "Finger Lakes United",
    "Capital Hills Health",
]
NICKNAMES = {
    "William": "Bill", "Robert": "Bob", "Richard": "Rick", "James": "Jim", "Michael": "Mike", "Thomas": "Tom",
    "Joseph": "Joe", "Charles": "Chuck", "Christopher": "Chris", "Daniel": "Dan", "Matthew": "Matt", "Steven": "Steve",
    "Anthony": "Tony", "Edward": "Ed", "Kenneth": "Ken", "Timothy": "Tim", "Gregory": "Greg", "Benjamin": "Ben",
    "Samuel": "Sam", "Nicholas": "Nick", "Jonathan": "Jon", "Lawrence": "Larry", "Douglas": "Doug", "Jeffrey": "Jeff",
    "Andrew": "Andy", "Raymond": "Ray", "Donald": "Don", "Alexander": "Alex", "Elizabeth": "Liz", "Katherine": "Kate",
    "Catherine": "Cathy", "Margaret": "Peggy", "Jennifer": "Jen", "Patricia": "Pat", "Deborah": "Deb", "Susan": "Sue",
    "Rebecca": "Becky", "Kimberly": "Kim", "Barbara": "Barb", "Stephanie": "Steph", "Victoria": "Vicky",
    "Theresa": "Terri", "Alexandra": "Alex", "Abigail": "Abby", "Judith": "Judy", "Cynthia": "Cindy",
    "Pamela": "Pam", "Samantha": "Sam",
}  # fmt: skip
ACCENTED = {
    "Munoz": "Muñoz", "Gomez": "Gómez", "Nunez": "Núñez", "Pena": "Peña", "Lefebvre": "Lefèbvre", "Garcia": "García",
    "Martinez": "Martínez", "Bergstrom": "Bergström", "OBrien": "O'Brien", "Jose": "José", "Andre": "André",
    "Perez": "Pérez", "Jimenez": "Jiménez", "Dubois": "Dubôis",
}  # fmt: skip


def addresses(rng: np.random.Generator, size: int) -> np.ndarray:
    """Street addresses such as `412 Maple St`."""
    number = rng.integers(1, 2400, size=size).astype(str)
    kind = rng.choice(["St", "Ave", "Rd", "Blvd", "Dr"], size=size)
    street = rng.choice(STREETS, size=size)
    return np.array([f"{n} {s} {k}" for n, s, k in zip(number, street, kind, strict=True)], dtype=object)


def phones(rng: np.random.Generator, size: int) -> np.ndarray:
    """Ten-digit telephone numbers from the range kept for fiction."""
    area = rng.choice([203, 413, 508, 518, 617, 716, 860, 914], size=size)
    return np.array(
        [f"{a}555{n:04d}" for a, n in zip(area, rng.integers(100, 200, size=size), strict=True)], dtype=object
    )


def accented(name: str) -> str:
    """The name as its bearer would write it."""
    return ACCENTED.get(name, name)
