"""Names of the simulated registers, and for which of them a familiar form stands.

Belongs here: the lists. Not here: how often which is borne (`world`), nor how a CRM writes them (`customs`).
"""

_FIRST = (
    "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan "
    "Joseph Jessica Thomas Sarah Charles Karen Christopher Lisa Daniel Nancy Matthew Margaret Anthony Sandra "
    "Mark Ashley Steven Emily Andrew Kimberly Kenneth Deborah Joshua Rebecca Kevin Stephanie Edward Cynthia "
    "Ronald Kathleen Timothy Amy Jeffrey Angela Gregory Pamela Benjamin Christine Samuel Katherine Raymond "
    "Rachel Patrick Catherine Alexander Victoria Jack Theresa Dennis Judith Walter Megan Peter Andrea Harold "
    "Cheryl Arthur Jacqueline Lawrence Martha Albert Gloria Wayne Teresa Roy Sara Ralph Janice Eugene Julia "
    "Louis Grace Philip Amber Bobby Denise Johnny Marilyn Bradley Danielle Rajiv Sunita Wei Xiu Hiroshi Aiko "
    "Ahmed Leila José María Luís Inês Søren Zoë Dmitry Svetlana Kwame Ama Nguyet Minh Giovanni Chiara "
    "François Amélie Seán Siobhán"
)
_LAST = (
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez "
    "Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez "
    "Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker "
    "Hall Rivera Campbell Mitchell Carter Roberts Patel Shah Kim Park Chen Wang Li Zhang Liu Khan Ali Ahmed "
    "Singh Kaur Kumar Sharma Gupta Rao Reddy Iyer Nair O'Brien O'Connor McCarthy McDonald MacLeod Murphy "
    "Kelly Ryan Sullivan Walsh Byrne Kowalski Nowak Wójcik Schmidt Müller Schneider Fischer Weber Meyer "
    "Wagner Becker Hoffmann Rossi Russo Ferrari Bianchi Romano Colombo Ricci Marino Greco Silva Santos "
    "Oliveira Souza Pereira Costa Fernandes Carvalho Almeida Dubois Durand Leroy Moreau Simon Laurent Lefèvre "
    "Michel Bertrand Roux Vincent Fournier Girard Bonnet Lambert Fontaine Rousseau Ivanov Petrov Sidorov "
    "Smirnov Kuznetsov Popov Volkov Novikov Morozov Andersson Johansson Karlsson Nilsson Eriksson Larsson "
    "Olsson Persson Svensson Gustafsson Yamamoto Tanaka Suzuki Takahashi Watanabe Ito Nakamura Kobayashi Kato "
    "Yoshida Okafor Adeyemi Mensah Boateng Diallo Traoré Cohen Levy Goldberg Friedman Rosenthal Shapiro Katz "
    "Abbott Ackerman Albright Ashford Atwood Babcock Bancroft Barlow Bartlett Beaumont Bellamy Bickford "
    "Blackwood Bradshaw Brewster Brightman Caldwell Carmichael Chadwick Chamberlain Colbert Crowley Dalton "
    "Denton Eastman Eldridge Fairchild Farnsworth Fenwick Galloway Granger Hathaway Hollister Kimball Langdon "
    "Lockwood Merriman Northrop Pemberton Prescott Radcliffe Sheffield Stanhope Thorndike Underhill Wadsworth "
    "Whitaker Winthrop Yardley van-der-Berg de-la-Cruz von-Braun Abdel-Rahman Al-Farsi Di-Stefano St-Clair"
)
FIRST, LAST = (text.split() for text in (_FIRST, _LAST))
FAMILIAR = {
    "James": "Jim", "Robert": "Bob", "Patricia": "Patty", "John": "Jack", "Jennifer": "Jenny", "Michael": "Mike", "David": "Dave",
    "Elizabeth": "Beth", "William": "Bill", "Barbara": "Barb", "Richard": "Dick", "Susan": "Susie", "Joseph": "Joe",
    "Jessica": "Jess", "Thomas": "Tom", "Charles": "Chuck", "Christopher": "Chris", "Daniel": "Danny", "Matthew": "Matt",
    "Margaret": "Peggy", "Anthony": "Tony", "Sandra": "Sandy", "Steven": "Steve", "Andrew": "Drew", "Kimberly": "Kim",
    "Kenneth": "Kenny", "Deborah": "Debbie", "Joshua": "Josh", "Rebecca": "Becky", "Stephanie": "Steph", "Edward": "Ted",
    "Cynthia": "Cindy", "Ronald": "Ron", "Kathleen": "Kathy", "Timothy": "Tim", "Jeffrey": "Jeff", "Angela": "Angie",
    "Gregory": "Greg", "Pamela": "Pam", "Benjamin": "Ben", "Christine": "Chris", "Samuel": "Sam", "Katherine": "Katie",
    "Raymond": "Ray", "Patrick": "Pat", "Catherine": "Cathy", "Alexander": "Alex", "Victoria": "Vicky", "Theresa": "Terry",
    "Judith": "Judy", "Walter": "Wally", "Megan": "Meg", "Peter": "Pete", "Harold": "Hal", "Jacqueline": "Jackie",
    "Lawrence": "Larry", "Martha": "Marty", "Albert": "Al", "Teresa": "Terri", "Eugene": "Gene", "Louis": "Lou",
    "Philip": "Phil", "Bradley": "Brad", "Rajiv": "Raj", "Giovanni": "John", "Minh": "Mike", "Wei": "William",
}  # fmt: skip
