"""The headings of columns in three languages, for the files we read and those we write.

Not gettext: whatever the language of its reader, a file must be understood in all of them. The
first words are those we write; what follows behind a bar is understood too.
"""

from exchange.listing import folded

# name of a column → English, French, Spanish
HEADINGS: dict[str, tuple[str, str, str]] = {
    "external_id": (
        "Key|External id|Your key|Reference key|Id",
        "Clé|Identifiant externe|Identifiant",
        "Clave|Identificador externo|Identificador",
    ),
    "number": ("Number|No", "Numéro|N°", "Número|N.º"),
    "name": ("Name|Organisation name", "Nom|Dénomination", "Nombre|Denominación"),
    "short_name": ("Short name|Acronym", "Sigle|Nom court|Acronyme", "Sigla|Nombre corto"),
    "kind": ("Kind|Type|Category", "Type|Nature|Catégorie", "Tipo|Clase|Categoría"),
    "level": ("Level", "Niveau|Échelon", "Nivel"),
    "country": ("Country|Country code", "Pays|Code pays", "País|Código de país"),
    "place_id": ("GeoNames number|Place", "Numéro GeoNames|Lieu", "Número GeoNames|Lugar"),
    "population": (
        "Inhabitants|Population",
        "Habitants|Nombre d’habitants|Population",
        "Habitantes|Población|Número de habitantes",
    ),
    "languages": (
        "Working languages|Languages",
        "Langues de travail|Langues",
        "Idiomas de trabajo|Idiomas|Lenguas",
    ),
    "sections": ("Sections|Section", "Sections|Section", "Secciones|Sección"),
    "website": ("Website|Web site|Web", "Site web|Site internet|Site", "Sitio web|Página web|Web"),
    "organisation": (
        "Organisation|Organization|City|Local government",
        "Organisation|Ville|Collectivité|Collectivité territoriale",
        "Organización|Ciudad|Gobierno local",
    ),
    "title": ("Title", "Titre|Intitulé", "Título"),
    "text": ("Text|Description", "Texte|Description", "Texto|Descripción"),
    "language": (
        "Language of the text|Language",
        "Langue du texte|Langue",
        "Idioma del texto|Idioma|Lengua",
    ),
    "themes": ("Themes|Theme", "Thèmes|Thème|Thématiques", "Temas|Tema"),
    "sdg_targets": (
        "SDG targets|SDG",
        "Cibles des ODD|Cibles ODD|ODD",
        "Metas de los ODS|Metas ODS|ODS",
    ),
    "agendas": ("Global agendas|Agendas", "Agendas mondiaux|Agendas", "Agendas mundiales|Agendas"),
    "formats": ("Formats|Format", "Formats|Format", "Formatos|Formato"),
    "available_from": (
        "Possible from|Available from|From",
        "Possible à partir du|Disponible à partir du|Du",
        "Posible desde|Disponible desde|Desde",
    ),
    "available_until": (
        "Possible until|Available until|Until",
        "Possible jusqu’au|Disponible jusqu’au|Au",
        "Posible hasta|Disponible hasta|Hasta",
    ),
    "guests": ("People|Guests", "Personnes|Invités", "Personas|Invitados"),
    "interpretation": (
        "Can work through an interpreter|Interpretation",
        "Peut travailler avec interprète|Interprétation",
        "Puede trabajar con intérprete|Interpretación",
    ),
    "budget_note": ("Budget", "Budget", "Presupuesto"),
    "visa_note": ("Visa", "Visa", "Visado|Visa"),
    "visa_letter": (
        "Visa letter|Invitation letter",
        "Lettre d’invitation pour visa|Lettre d’invitation",
        "Carta de invitación para visado|Carta de invitación",
    ),
    "innovative": ("Innovation|Innovative", "Innovation|Innovant", "Innovación|Innovador"),
    "funding": (
        "Costs borne by the host|Funding",
        "Frais pris en charge par l’hôte|Financement",
        "Gastos a cargo del anfitrión|Financiación",
    ),
    "hosts_wanted": (
        "Cities wanted|Hosts wanted",
        "Villes souhaitées|Hôtes souhaités",
        "Ciudades deseadas|Anfitriones deseados",
    ),
    "places": (
        "Exchanges at once|Places",
        "Échanges à la fois|Places",
        "Intercambios a la vez|Plazas",
    ),
    "places_taken": ("Places taken", "Places prises", "Plazas ocupadas"),
    "proposer": (
        "Proposed by|Proposer",
        "Proposé par|Proposant|Porteur",
        "Propuesto por|Proponente",
    ),
    "proposer_role": (
        "Role of the proposer|Proposer role",
        "Rôle du proposant|Rôle du porteur",
        "Papel del proponente|Función del proponente",
    ),
    "hosts": ("Hosts|Host", "Hôtes|Hôte|Villes d’accueil", "Anfitriones|Anfitrión"),
    "learners": ("Learners|Learner", "Apprenants|Apprenant", "Aprendices|Aprendiz"),
    "partners": ("Partners", "Partenaires", "Socios"),
    "purpose": (
        "What is to be learned|Purpose",
        "Ce qu’il faut apprendre|Objet|But",
        "Lo que se quiere aprender|Propósito|Objeto",
    ),
    "starts_on": ("First day|Start|Starts on", "Premier jour|Début", "Primer día|Inicio"),
    "ends_on": ("Last day|End|Ends on", "Dernier jour|Fin", "Último día|Fin"),
    "programme": ("Programme|Program", "Programme", "Programa"),
    "source_url": ("Source|Source address", "Source|Adresse de la source", "Fuente"),
    "state": ("State|Status", "État|Statut", "Estado"),
    "state_since": ("In this state since", "Dans cet état depuis", "En este estado desde"),
    "published": ("Published on", "Publié le", "Publicado el"),
    "expires_on": ("Good until", "Valable jusqu’au", "Válido hasta"),
    "contact": ("Point of contact", "Point de contact", "Punto de contacto"),
    "published_by": ("Published by", "Publié par", "Publicado por"),
    "email": ("E-mail", "Courriel", "Correo electrónico"),
    "roles": ("Roles", "Rôles", "Funciones"),
    "staff_role": (
        "Role in the secretariat",
        "Rôle au secrétariat",
        "Función en la secretaría",
    ),
    "can_sign_in": ("Can sign in", "Peut se connecter", "Puede entrar"),
    "last_sign_in": ("Last sign-in", "Dernière connexion", "Última entrada"),
    "reference": ("Reference", "Référence", "Referencia"),
    "phase": ("Stage", "Étape", "Etapa"),
    "owner": ("Officer", "Responsable", "Responsable"),
    "message": ("Policy message", "Message politique", "Mensaje político"),
    "about_what": ("About", "Objet de la recommandation", "Objeto de la recomendación"),
    "scale": ("Level it is for", "Niveau visé", "Nivel al que se dirige"),
    "addressee": ("Addressed to", "Adressé à", "Dirigido a"),
    "supports": ("Organisations that support it", "Soutiens", "Apoyos"),
    "answers_for": ("Who answers for it", "Qui en répond", "Quién responde"),
    "evidence": ("What shows it", "Ce qui le montre", "Qué lo demuestra"),
    "evidence_url": (
        "Address that shows it",
        "Adresse qui le montre",
        "Dirección que lo demuestra",
    ),
    "due_on": ("Due on", "À faire avant le", "Vence el"),
    "code": ("Code", "Code", "Código"),
    "depth": ("How far it goes", "Niveau d’approfondissement", "Nivel de profundidad"),
    "newest_version": ("Newest version", "Dernière version", "Última versión"),
    "times_given": ("Times given", "Nombre de sessions données", "Veces impartido"),
    "demand": ("Open needs behind it", "Besoins ouverts concernés", "Necesidades abiertas"),
    "module": ("Module", "Module", "Módulo"),
    "said_on": ("Said on", "Exprimé le", "Expresado el"),
    "answered_by": ("Kind of answer", "Type de réponse", "Tipo de respuesta"),
    "answered_with": ("What answers it", "Ce qui y répond", "Qué lo responde"),
    "organiser": ("Organiser", "Organisateur", "Organizador"),
    "partner": ("Partner", "Partenaire", "Socio"),
    "need": ("Need", "Besoin", "Necesidad"),
    "need_of": ("Need of", "Besoin de", "Necesidad de"),
    "offer": ("Offer", "Offre", "Oferta"),
    "offer_of": ("Offer of", "Offre de", "Oferta de"),
    "score": ("Score (0 to 100)", "Score (0 à 100)", "Puntuación (0 a 100)"),
    "need_answer": (
        "Answer of the side that needs",
        "Réponse du côté du besoin",
        "Respuesta de quien necesita",
    ),
    "offer_answer": (
        "Answer of the side that offers",
        "Réponse du côté de l’offre",
        "Respuesta de quien ofrece",
    ),
    "answer_by": ("Answer by", "Réponse avant le", "Respuesta antes del"),
    "exchange": ("Exchange", "Échange", "Intercambio"),
    "mode": ("How people meet", "Mode de rencontre", "Modo de encuentro"),
    "place": ("Where", "Où", "Dónde"),
    "author": ("Author", "Auteur", "Autor"),
    "reviewer": ("Reviewer", "Relecteur", "Revisor"),
    "address": ("Address of the page", "Adresse de la page", "Dirección de la página"),
    "mail": ("Kind of mail", "Type de courriel", "Tipo de correo"),
    "to_name": ("To", "À", "Para"),
    "subject": ("Subject", "Objet du message", "Asunto"),
    "created": ("Written on", "Écrit le", "Escrito el"),
    "sent": ("Sent on", "Envoyé le", "Enviado el"),
    "answered": ("Answered on", "Répondu le", "Respondido el"),
    "attempts": ("Attempts", "Tentatives", "Intentos"),
    "reason": ("Reason", "Raison", "Razón"),
    "about": ("About", "À propos de", "Sobre"),
    "about_number": ("Number of what it is about", "Numéro de l’objet", "Número del objeto"),
}
_ORDER = {"en": 0, "fr": 1, "es": 2}


def heading(name: str, language: str) -> str:
    """The heading we write over a column, in a language; in English when we do not know it."""
    return HEADINGS[name][_ORDER.get(language, 0)].partition("|")[0]


def plain(text: str) -> str:
    """A heading as it is compared: lower case, letters and figures alone."""
    return "".join(c for c in folded(text) if c.isalnum())


def meanings(name: str) -> set[str]:
    """Everything that is understood as this column: all its words, and the name itself."""
    words = {word for one in HEADINGS[name] for word in one.split("|")}
    return {plain(word) for word in words} | {plain(name)}
