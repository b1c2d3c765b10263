//! Words of the list of customers and of a customer's profile.

use super::words;

words! {
    customers: "Customers", "Clientes", "Clientes";
    all_customers: "All customers", "Todos os clientes", "Todos los clientes";
    add_customer: "Add customer", "Adicionar cliente", "Añadir cliente";
    number_of_customers[count]:
        "{count} customer" | "{count} customers",
        "{count} cliente" | "{count} clientes",
        "{count} cliente" | "{count} clientes";
    customers_not_loaded:
        "The list of customers could not be loaded",
        "Não foi possível carregar a lista de clientes",
        "No se pudo cargar la lista de clientes";
    say_customers_not_loaded:
        "The customers could not be loaded.",
        "Não foi possível carregar os clientes.",
        "No se pudieron cargar los clientes.";
    customer_not_loaded:
        "The customer could not be loaded",
        "Não foi possível carregar o cliente",
        "No se pudo cargar el cliente";
    search_customers: "Search customers", "Pesquisar clientes", "Buscar clientes";
    name_or_number: "Name or number", "Nome ou número", "Nombre o número";
    no_customers_match: "No customers match", "Nenhum cliente encontrado", "Ningún cliente coincide";
    say_no_customers_match: "No customers match.", "Nenhum cliente encontrado.", "Ningún cliente coincide.";
    first_customer_here:
        "The first customer will appear here.",
        "O primeiro cliente aparecerá aqui.",
        "El primer cliente aparecerá aquí.";
    no_customer_contains(text):
        "No customer has a name or a number that contains “{text}”.",
        "Nenhum cliente tem um nome ou um número que contenha “{text}”.",
        "Ningún cliente tiene un nombre o un número que contenga “{text}”.";
    customers_shown(first, last, total, order):
        "Customers {first} to {last} of {total}, by {order}. Times are UTC.",
        "Clientes {first} a {last} de {total}, por {order}. Horários em UTC.",
        "Clientes {first} a {last} de {total}, por {order}. Horas en UTC.";

    customer: "Customer", "Cliente", "Cliente";
    customer_name: "Name", "Nome", "Nombre";
    customer_number: "Number", "Número", "Número";
    customer_type: "Type", "Tipo", "Tipo";
    customer_status: "Status", "Situação", "Estado";
    customer_since: "Customer since", "Cliente desde", "Cliente desde";
    log_entries: "Log entries", "Entradas no registro", "Entradas en el registro";
    last_entry: "Last entry", "Última entrada", "Última entrada";
    no_entry_yet: "none yet", "nenhuma ainda", "ninguna todavía";
    since_date(date): "since {date}", "desde {date}", "desde el {date}";
    last_at(date): "last {date}", "última: {date}", "última: {date}";
    customer_of_number(number): "Customer {number}", "Cliente {number}", "Cliente {number}";
    customer_profile: "Customer profile", "Perfil do cliente", "Perfil del cliente";

    business: "Business", "Empresa", "Empresa";
    person: "Person", "Pessoa", "Persona";
    platform: "Platform", "Plataforma", "Plataforma";
    not_described: "Not described yet", "Ainda não descrito", "Aún sin describir";
    active: "Active", "Ativo", "Activo";
    in_review: "In review", "Em análise", "En revisión";
    blocked: "Blocked", "Bloqueado", "Bloqueado";
    closed: "Closed", "Encerrado", "Cerrado";

    overview: "Overview", "Visão geral", "Resumen";
    logs: "Logs", "Registros", "Registros";
    settings: "Settings", "Configurações", "Configuración";
    operations: "Operations", "Operações", "Operaciones";
    financial: "Financial", "Financeiro", "Finanzas";
    your_logs: "Your logs", "Seus registros", "Sus registros";
    what_your_logs_are:
        "Everything that was done on your account, by you, by us or by an app you connected. Entries are never changed or removed.",
        "Tudo o que foi feito na sua conta, por você, por nós ou por um aplicativo que você conectou. As entradas nunca são alteradas nem removidas.",
        "Todo lo que se hizo en su cuenta: usted, nosotros o una aplicación que usted conectó. Las entradas nunca se modifican ni se eliminan.";

    settings_saved: "The settings are saved.", "As configurações foram salvas.", "La configuración se guardó.";
    save_settings: "Save settings", "Salvar configurações", "Guardar configuración";
    block: "Block", "Bloquear", "Bloquear";
    unblock: "Unblock", "Desbloquear", "Desbloquear";
    block_account: "Block the account", "Bloquear a conta", "Bloquear la cuenta";
    unblock_account: "Unblock the account", "Desbloquear a conta", "Desbloquear la cuenta";
    what_blocking_does:
        "While an account is blocked, nothing moves on it. Recording goes on.",
        "Enquanto uma conta está bloqueada, nada se movimenta nela. O registro continua.",
        "Mientras una cuenta está bloqueada, nada se mueve en ella. El registro continúa.";
    what_unblocking_does:
        "The account is blocked: nothing moves on it. Unblocking makes it active again.",
        "A conta está bloqueada: nada se movimenta nela. Desbloquear a torna ativa de novo.",
        "La cuenta está bloqueada: nada se mueve en ella. Al desbloquearla vuelve a estar activa.";
    platforms_own_id:
        "The platform's own id. It stays as it is.",
        "O identificador da própria plataforma. Não muda depois.",
        "El identificador de la propia plataforma. No cambia después.";
    id_characters:
        "1 to 64 of the characters A–Z, a–z, 0–9 and _ . : -",
        "1 a 64 dos caracteres A–Z, a–z, 0–9 e _ . : -",
        "De 1 a 64 de los caracteres A–Z, a–z, 0–9 y _ . : -";
    write_id_characters:
        "Write 1 to 64 of the characters A–Z, a–z, 0–9 and _ . : -",
        "Escreva 1 a 64 dos caracteres A–Z, a–z, 0–9 e _ . : -",
        "Escriba de 1 a 64 de los caracteres A–Z, a–z, 0–9 y _ . : -";
    currency: "Currency", "Moeda", "Moneda";
    what_currency_is:
        "What the account is kept in. It stays as it is.",
        "Aquela em que a conta é mantida. Não muda depois.",
        "Aquella en la que se lleva la cuenta. No cambia después.";
    customer_email: "E-mail", "E-mail", "Correo electrónico";
    document: "Document", "Documento", "Documento";
    what_document_is:
        "The number of an identity or company document.",
        "O número de um documento de identidade ou da empresa.",
        "El número de un documento de identidad o de la empresa.";
    daily_limit: "Daily limit", "Limite diário", "Límite diario";
    no_limit: "none", "nenhum", "ninguno";
    amount_or_nothing:
        "An amount such as 1250.00, or nothing", "Um valor como 1250,00, ou nada", "Un importe como 1250,00, o nada";
    what_daily_limit_is(example):
        "Such as {example}. What is withdrawn in a day (UTC) above it needs a second operator. Nothing: no limit.",
        "Como {example}. O que for sacado em um dia (UTC) acima dele exige um segundo operador. Vazio: sem limite.",
        "Como {example}. Lo que se retire en un día (UTC) por encima requiere un segundo operador. Vacío: sin límite.";
    tags: "Tags", "Etiquetas", "Etiquetas";
    what_tags_are: "Words, with commas between them.", "Palavras, separadas por vírgulas.", "Palabras, separadas por comas.";

    write_name: "Write a name.", "Escreva um nome.", "Escriba un nombre.";
    name_too_long(most):
        "A name has at most {most} characters.",
        "Um nome tem no máximo {most} caracteres.",
        "Un nombre tiene como máximo {most} caracteres.";
    choose_type: "Choose business or person.", "Escolha empresa ou pessoa.", "Elija empresa o persona.";
    choose_status: "Choose one of the statuses.", "Escolha uma das situações.", "Elija uno de los estados.";
    write_email:
        "Write an address such as name@example.com, or nothing.",
        "Escreva um endereço como nome@example.com, ou nada.",
        "Escriba una dirección como nombre@example.com, o nada.";
    document_too_long(most):
        "A document's number has at most {most} characters.",
        "O número de um documento tem no máximo {most} caracteres.",
        "El número de un documento tiene como máximo {most} caracteres.";
    write_limit(amount):
        "{amount} Nothing means no limit.", "{amount} Vazio significa sem limite.", "{amount} Vacío significa sin límite.";
    too_many_tags(most, longest):
        "At most {most} tags, each of at most {longest} characters.",
        "No máximo {most} etiquetas, cada uma com no máximo {longest} caracteres.",
        "Como máximo {most} etiquetas, cada una de como máximo {longest} caracteres.";
    choose_currency: "Choose one of the currencies.", "Escolha uma das moedas.", "Elija una de las monedas.";
    customer_exists:
        "There is a customer with this number already.",
        "Já existe um cliente com este número.",
        "Ya existe un cliente con este número.";
}
