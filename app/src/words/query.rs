//! What parameters of an address take, to be read after “it takes”.

use super::words;

words! {
    bad_parameter(parameter, takes):
        "“{parameter}” takes {takes}.", "“{parameter}” aceita {takes}.", "“{parameter}” admite {takes}.";
    takes_one_of(names): "one of {names}", "um destes: {names}", "uno de estos: {names}";
    takes_some_of(names):
        "each at most once and with commas between them, some of {names}",
        "alguns destes, cada um no máximo uma vez e separados por vírgulas: {names}",
        "algunos de estos, cada uno como máximo una vez y separados por comas: {names}";
    takes_per_page: "10, 25, 50 or 100", "10, 25, 50 ou 100", "10, 25, 50 o 100";
    takes_whole_number: "a whole number from 1", "um número inteiro a partir de 1", "un número entero desde 1";
    takes_entry: "the whole number of an entry", "o número inteiro de uma entrada", "el número entero de una entrada";
    takes_characters(most): "at most {most} characters", "no máximo {most} caracteres", "como máximo {most} caracteres";
    takes_some_characters(most): "1 to {most} characters", "1 a {most} caracteres", "de 1 a {most} caracteres";
    takes_bytes(most): "at most {most} bytes", "no máximo {most} bytes", "como máximo {most} bytes";
    takes_values(bytes, most):
        "values of up to {bytes} bytes, {most} at most",
        "valores de até {bytes} bytes, no máximo {most}",
        "valores de hasta {bytes} bytes, {most} como máximo";
    takes_moment:
        "a date, a date and time, an instant, today, yesterday, month, or how long ago: -15m, -24h, -7d",
        "uma data, data e hora, um instante, today, yesterday, month, ou há quanto tempo: -15m, -24h, -7d",
        "una fecha, fecha y hora, un instante, today, yesterday, month, o hace cuánto: -15m, -24h, -7d";
    takes_zone:
        "a zone's name, like America/Sao_Paulo",
        "o nome de um fuso, como America/Sao_Paulo",
        "el nombre de una zona, como America/Sao_Paulo";
    takes_export: "1, or an export's id", "1, ou o id de uma exportação", "1, o el id de una exportación";
    takes_export_id: "a UUID", "um UUID", "un UUID";
    takes_field: "a column that can be filtered by", "uma coluna pela qual se pode filtrar", "una columna por la que se puede filtrar";
    takes_nothing:
        "no value: there is no such parameter",
        "nenhum valor: esse parâmetro não existe",
        "ningún valor: ese parámetro no existe";
    takes_not_shown:
        "no value: this column is not shown to you",
        "nenhum valor: esta coluna não é mostrada a você",
        "ningún valor: esta columna no se le muestra";
    takes_no_words:
        "no words: neither users nor tables are shown to you",
        "nenhuma palavra: nem usuários nem tabelas são mostrados a você",
        "ninguna palabra: no se le muestran ni usuarios ni tablas";
    takes_once(takes): "{takes}, once", "{takes}, uma só vez", "{takes}, una sola vez";
    takes_search(part, wrong): "a search; “{part}” {wrong}", "uma pesquisa; “{part}” {wrong}", "una búsqueda; “{part}” {wrong}";

    wrong_field:
        "is no field. There are user, action, operation, table, source, instance, path, after and before. In quotes it is plain text",
        "não é um campo. Há user, action, operation, table, source, instance, path, after e before. Entre aspas é texto simples",
        "no es un campo. Hay user, action, operation, table, source, instance, path, after y before. Entre comillas es texto simple";
    wrong_no_value: "needs a value behind the colon", "precisa de um valor depois dos dois-pontos", "necesita un valor después de los dos puntos";
    wrong_quote: "begins with a quote that does not end", "começa com aspas que não se fecham", "empieza con comillas que no se cierran";
    wrong_moment:
        "is no moment. It takes a date, a date and time, today, yesterday, month, or -7d",
        "não é um momento. Aceita uma data, data e hora, today, yesterday, month ou -7d",
        "no es un momento. Admite una fecha, fecha y hora, today, yesterday, month o -7d";
    wrong_twice: "was said already", "já foi informado", "ya se indicó";
    wrong_not_a_moment:
        "cannot be left out: say when it begins or ends",
        "não pode ser negado: diga quando começa ou termina",
        "no se puede negar: diga cuándo empieza o termina";
    wrong_too_much:
        "is too much: at most 100 values of 2,000 bytes",
        "é demais: no máximo 100 valores de 2.000 bytes",
        "es demasiado: como máximo 100 valores de 2000 bytes";
}
