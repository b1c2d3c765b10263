//! Words of operations and of money.

use super::words;

words! {
    operation: "Operation", "Operação", "Operación";
    operation_amount: "Amount", "Valor", "Importe";
    operation_status: "Status", "Situação", "Estado";
    operation_when: "When", "Quando", "Cuándo";
    requested_by: "Requested by", "Solicitada por", "Solicitada por";
    approved_by: "Approved by", "Aprovada por", "Aprobada por";
    rejected_by: "Rejected by", "Rejeitada por", "Rechazada por";
    operation_note: "Note", "Observação", "Nota";
    undoes: "Undoes", "Desfaz", "Deshace";
    money_from: "From", "De", "De";
    money_to: "To", "Para", "A";
    from_customer(customer): "from {customer}", "de {customer}", "de {customer}";
    to_customer(customer): "to {customer}", "para {customer}", "a {customer}";

    waits_for_approval: "Waits for approval", "Aguarda aprovação", "Espera aprobación";
    completed: "Completed", "Concluída", "Completada";
    rejected: "Rejected", "Rejeitada", "Rechazada";
    reversed: "Reversed", "Estornada", "Revertida";

    no_operations_yet: "No operations yet", "Ainda não há operações", "Todavía no hay operaciones";
    operations_will_stand_here:
        "Deposits, withdrawals and transfers of this customer will stand here.",
        "Depósitos, saques e transferências deste cliente aparecerão aqui.",
        "Los depósitos, retiros y transferencias de este cliente aparecerán aquí.";
    operations_times: "Operations. Times are UTC.", "Operações. Horários em UTC.", "Operaciones. Horas en UTC.";
    account_in_review:
        "The account is in review: operations need an active one.",
        "A conta está em análise: operações exigem uma conta ativa.",
        "La cuenta está en revisión: las operaciones requieren una activa.";
    account_blocked:
        "The account is blocked: operations need an active one.",
        "A conta está bloqueada: operações exigem uma conta ativa.",
        "La cuenta está bloqueada: las operaciones requieren una activa.";
    account_closed:
        "The account is closed: operations need an active one.",
        "A conta está encerrada: operações exigem uma conta ativa.",
        "La cuenta está cerrada: las operaciones requieren una activa.";

    new_operation: "New operation", "Nova operação", "Nueva operación";
    new_deposit: "New deposit", "Novo depósito", "Nuevo depósito";
    new_withdrawal: "New withdrawal", "Novo saque", "Nuevo retiro";
    new_transfer: "New transfer", "Nova transferência", "Nueva transferencia";
    new_reversal: "New reversal", "Novo estorno", "Nueva reversión";
    perform_deposit: "Perform deposit", "Fazer o depósito", "Realizar el depósito";
    perform_withdrawal: "Perform withdrawal", "Fazer o saque", "Realizar el retiro";
    perform_transfer: "Perform transfer", "Fazer a transferência", "Realizar la transferencia";
    perform_reversal: "Perform reversal", "Fazer o estorno", "Realizar la reversión";
    to_customer_number: "To customer (number)", "Para o cliente (número)", "Al cliente (número)";
    customers_number: "The customer's number", "O número do cliente", "El número del cliente";
    same_currency_needed:
        "Their account must be in the same currency.",
        "A conta dele deve estar na mesma moeda.",
        "Su cuenta debe estar en la misma moneda.";
    an_amount: "An amount such as 1250.00", "Um valor como 1250,00", "Un importe como 1250,00";
    amount_available(amount): "{amount} available.", "{amount} disponíveis.", "{amount} disponibles.";
    withdrawn_today(amount):
        "{amount} can be withdrawn today at once. What is above waits for another operator.",
        "{amount} podem ser sacados hoje de imediato. O que passar disso aguarda outro operador.",
        "{amount} se pueden retirar hoy de inmediato. Lo que exceda espera a otro operador.";
    no_daily_limit: "There is no daily limit.", "Não há limite diário.", "No hay límite diario.";
    stands_in_the_log:
        "Stands in the customer's log.", "Fica no registro do cliente.", "Queda en el registro del cliente.";

    approve: "Approve", "Aprovar", "Aprobar";
    reject: "Reject", "Rejeitar", "Rechazar";
    reverse: "Reverse", "Estornar", "Revertir";
    another_operator_decides:
        "Another operator than the one who asked for it approves or rejects it.",
        "Outro operador, que não o solicitante, a aprova ou rejeita.",
        "La aprueba o rechaza otro operador, distinto de quien la solicitó.";
    what_it_moved: "What it moved", "O que movimentou", "Lo que movió";
    moved_nothing: "Nothing.", "Nada.", "Nada.";
    moved(amount, from, to):
        "{amount} from {from} to {to}", "{amount} de {from} para {to}", "{amount} de {from} a {to}";
    what_the_log_says: "What the log says", "O que diz o registro", "Lo que dice el registro";
    entries_of_operation:
        "Log entries of this operation. Times are UTC.",
        "Entradas do registro desta operação. Horários em UTC.",
        "Entradas del registro de esta operación. Horas en UTC.";
    in_the_log: "In the log", "No registro", "En el registro";

    number_of_entries[count]:
        "{count} entry" | "{count} entries",
        "{count} entrada" | "{count} entradas",
        "{count} entrada" | "{count} entradas";
    number_of_tables[count]:
        "{count} table" | "{count} tables", "{count} tabela" | "{count} tabelas", "{count} tabla" | "{count} tablas";
    entries_in_tables(entries, tables): "{entries} in {tables}", "{entries} em {tables}", "{entries} en {tables}";
    summary_of_operation(entries, time, zone):
        "{entries}, within {time}. Times are {zone}.",
        "{entries}, em {time}. Horários em {zone}.",
        "{entries}, en {time}. Horas en {zone}.";
    span_minutes[count]:
        "{count} minute" | "{count} minutes", "{count} minuto" | "{count} minutos", "{count} minuto" | "{count} minutos";
    span_hours[count]: "{count} hour" | "{count} hours", "{count} hora" | "{count} horas", "{count} hora" | "{count} horas";
    span_days[count]: "{count} day" | "{count} days", "{count} dia" | "{count} dias", "{count} día" | "{count} días";

    available: "Available", "Disponível", "Disponible";
    reserved: "Reserved", "Reservado", "Reservado";
    outside: "Outside", "Exterior", "Exterior";
    other_customers: "Other customers", "Outros clientes", "Otros clientes";
    together: "Together", "Total", "Total";
    available_after: "Available after", "Disponível depois", "Disponible después";
    reserved_after: "Reserved after", "Reservado depois", "Reservado después";
    no_ledger_lines_yet: "No ledger lines yet", "Ainda não há lançamentos", "Todavía no hay asientos";
    ledger_will_stand_here:
        "What moves on this account will stand here, line by line.",
        "O que for movimentado nesta conta aparecerá aqui, linha por linha.",
        "Lo que se mueva en esta cuenta aparecerá aquí, línea por línea.";
    ledger_times: "Ledger lines. Times are UTC.", "Lançamentos. Horários em UTC.", "Asientos. Horas en UTC.";
    line_from(account): "from {account}", "de {account}", "de {account}";
    line_to(account): "to {account}", "para {account}", "a {account}";
    line_then(amount): "then {amount}", "depois {amount}", "después {amount}";

    choose_kind:
        "Choose deposit, withdrawal or transfer.",
        "Escolha depósito, saque ou transferência.",
        "Elija depósito, retiro o transferencia.";
    write_amount_above_zero:
        "Write an amount above zero.", "Escreva um valor maior que zero.", "Escriba un importe mayor que cero.";
    write_amount(example, largest):
        "Write an amount such as {example}, up to {largest}.",
        "Escreva um valor como {example}, até {largest}.",
        "Escriba un importe como {example}, hasta {largest}.";
    choose_another_customer:
        "Choose another customer than this one.", "Escolha um cliente que não seja este.", "Elija un cliente distinto de este.";
    write_counterparty:
        "Write the number of the customer who gets it.",
        "Escreva o número do cliente que o recebe.",
        "Escriba el número del cliente que lo recibe.";
    note_too_long(most):
        "A note has at most {most} characters.",
        "Uma observação tem no máximo {most} caracteres.",
        "Una nota tiene como máximo {most} caracteres.";

    account_not_active(customer):
        "The account of customer {customer} is not active: nothing moves on it.",
        "A conta do cliente {customer} não está ativa: nada se movimenta nela.",
        "La cuenta del cliente {customer} no está activa: nada se mueve en ella.";
    no_such_customer(customer):
        "There is no customer {customer}.", "Não há cliente {customer}.", "No hay ningún cliente {customer}.";
    other_currency(customer):
        "The account of customer {customer} is kept in another currency.",
        "A conta do cliente {customer} é mantida em outra moeda.",
        "La cuenta del cliente {customer} se lleva en otra moneda.";
    not_enough_money:
        "There is not enough money available.", "Não há saldo disponível suficiente.", "No hay suficiente saldo disponible.";
    balance_too_large:
        "A balance cannot become so large.", "Um saldo não pode ficar tão grande.", "Un saldo no puede llegar a ser tan grande.";
    decided_already:
        "This operation does not wait for a decision any more.",
        "Esta operação não aguarda mais uma decisão.",
        "Esta operación ya no espera una decisión.";
    another_has_to_decide:
        "Another operator than the one who asked for it has to decide.",
        "Quem decide deve ser outro operador, que não o solicitante.",
        "Tiene que decidir otro operador, distinto de quien la solicitó.";
    not_reversible:
        "This operation cannot be reversed, or was reversed already.",
        "Esta operação não pode ser estornada, ou já foi.",
        "Esta operación no se puede revertir, o ya se revirtió.";
}
