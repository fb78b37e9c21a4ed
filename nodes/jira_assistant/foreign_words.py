"""A few words of other tongues our users write in, by the classes of `lexicon`.

Only what is said every day of tickets, mails and questions: in a sentence of which these are all words, the
rules read it; any other word leaves it to the model, so that no foreign "not" is overlooked.
"""

FOREIGN: dict[str, str] = {
    "self": "ich wir eu io",
    "have": "habe haben hemos",
    "be": "je ist sind está estan están esta sono é",
    "det": "el la los die der das le les",
    "odet": "eine einen un una une ein",
    "task": "tarea tâche zadatak aufgabe aufgaben tarefa",
    "tasks": "tareas tâches zadataka zadatke tarefas",
    "with": "mit con avec",
    "and": "und",
    "please": "bitte molim kannst_du könntest_du können_sie",
    "thanks": "danke danke_dir danke_schön gracias merci hvala obrigado obrigada grazie dank dir spasibo",
    "greet": "hallo hola bonjour bok ciao servus moin zdravo salut",
    "fin": """
        abgeschlossen beendet terminé terminado terminada završen zavrsen završio završila zavrsio completado
        completada terminée terminato concluído finalizado""",
    "done": "fertig erledigt listo lista gotov gotovo gotova finito",
    "prog": "arbeite radim trabajando trabajo travaille bin_dabei",
    "neg": "nicht kein keine nie pas jamais sin ohne senza nije nisam nema não ne nista",
    "rem": "aber pero mais ma noch noch_nicht todavía todavia još encore falta faltan fehlt samo nur",
    "held": "čekam cekam esperando warte wartet hängt",
    "cond": "wenn falls sobald ako kad cuando quando quand",
    "future": "morgen sutra mañana demain domani",
    "wh": """
        wer wo wie warum wieso tko gdje kako zašto zasto quién quien dónde donde cómo qui où pourquoi
        dove chi""",
    "when": "wann kada cuándo",
    "what": "was_ist što qué qual cosa was_bedeutet was_heißt que_significa",
    "ask": "jel gibt_es da_li kya",
    "howmany": "wieviele wie_viele cuántas cuántos cuantas cuantos combien_de koliko quantos quantas",
    "write": """
        schreib schreibe schick schicke sende napiši napisi pošalji posalji escribe envía envia écris envoie
        manda""",
    "close": "može_se_zatvoriti kann_geschlossen_werden se_puede_cerrar puede_cerrarse",
    "mail": "correo courriel mejl",
}
