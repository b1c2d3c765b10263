//! Who acts, and on whose account.

use app::customer::{CustomerStatus, CustomerType};
use chrono::{DateTime, Days, TimeDelta, Utc};
use rand::{Rng, RngExt, seq::IndexedRandom};

use crate::{config::Shape, store::customers::NewCustomer};

/// The bank's staff.
pub(super) const OPERATORS: [&str; 26] = [
    "Helena Prado",
    "Jonas Weber",
    "Priya Raman",
    "Marcos Tavares",
    "Camila Nogueira",
    "Tomás Figueira",
    "Beatriz Antunes",
    "Otávio Ramalho",
    "Lucía Fernández",
    "Søren Kjær",
    "Zoë Vandenberghe",
    "Aoife O'Connor",
    "Łukasz Wiśniewski",
    "Мария Иванова",
    "Олександр Шевченко",
    "Σοφία Παπαδοπούλου",
    "田中 美咲",
    "김민준",
    "陈伟",
    "محمد العلي",
    "נועה לוי",
    "अनन्या शर्मा",
    "Nguyễn Thị Hương",
    "Fatoumata Diallo",
    "İbrahim Yılmaz",
    "Chukwuemeka Okafor",
];

/// Programs with a key.
pub(super) const CLIENTS: [&str; 9] = [
    "erp-sync",
    "payouts-api",
    "partner-gateway",
    "budget-app",
    "invoice-bot",
    "card-processor",
    "mobile-backend",
    "reconciliation-svc",
    "tax-report-exporter",
];

const FIRST: [&str; 24] = [
    "Ana Beatriz",
    "Bruno",
    "Carla",
    "Diego",
    "Elisa",
    "Felipe",
    "Gustavo",
    "Ingrid",
    "Joana",
    "Kenji",
    "Lúcia",
    "Mateus",
    "Nadia",
    "Olívia",
    "Paulo",
    "Rafaela",
    "Sérgio",
    "Tereza",
    "Ursula",
    "Vinícius",
    "Иван",
    "Ελένη",
    "さくら",
    "ليلى",
];
const LAST: [&str; 20] = [
    "Leal",
    "Sales Nogueira",
    "Meireles",
    "Figueira",
    "Tavares",
    "Andrade",
    "Müller",
    "Castañeda",
    "Okonkwo",
    "Lindqvist",
    "Petrov",
    "Yamada",
    "Haddad",
    "D'Ávila",
    "Santos-Reis",
    "Novák",
    "Kowalska",
    "Dubois",
    "Rossi",
    "Ferreira",
];
const TRADE: [&str; 24] = [
    "Lumen Mercantil",
    "Cooperativa Vale Verde",
    "Delta Peças Automotivas",
    "Estúdio Pampulha",
    "Farmácias São Jorge",
    "Horizonte Câmbio",
    "Instituto Maré Alta",
    "Kaleidos Viagens",
    "Mercado Boa Praça",
    "Norte Logística",
    "Padaria Três Irmãos",
    "Quinta do Ouro Alimentos",
    "Rede Aurora de Ensino",
    "Serra Azul Energia",
    "Tecelagem Bom Retiro",
    "Usina Santa Clara",
    "Vinícola Campos Altos",
    "Água Viva Saneamento",
    "Brisa Hotéis",
    "Cerâmica Jatobá",
    "Oficina Dois Amigos",
    "東京商事",
    "Балтика Трейд",
    "Clínica Boa Esperança",
];
const FORM: [&str; 5] = ["Ltda.", "S.A.", "ME", "EIRELI", "& Filhos"];

/// The customer with this place in the order of size.
pub(super) fn customer(rng: &mut impl Rng, shape: &Shape, index: u64) -> NewCustomer {
    let business = index == 0 || rng.random_bool(0.6);
    let name = if business {
        let at = usize::try_from(index).unwrap_or_default();
        let trade = TRADE[at % TRADE.len()];
        let round = at / TRADE.len();
        let branch = if round == 0 { String::new() } else { format!(" {}", round + 1) };
        format!("{trade}{branch} {}", pick(rng, &FORM))
    } else {
        format!("{} {}", pick(rng, &FIRST), pick(rng, &LAST))
    };
    let status = match rng.random_range(0..100) {
        0..86 => CustomerStatus::Active,
        86..92 => CustomerStatus::InReview,
        92..96 => CustomerStatus::Blocked,
        _ => CustomerStatus::Closed,
    };
    let before = Days::new(104 * 7 + rng.random_range(1..1_800));
    let since = shape.until.checked_sub_days(before).unwrap_or(shape.until);
    let minute = TimeDelta::minutes(rng.random_range(11 * 60..21 * 60));
    let since: DateTime<Utc> = since.and_time(chrono::NaiveTime::MIN).and_utc() + minute;
    NewCustomer {
        customer_id: shape.first_id.saturating_add(index).into(),
        name,
        customer_type: if business { CustomerType::Business } else { CustomerType::Person },
        status,
        since,
    }
}

/// One of several.
pub(super) fn pick<T: Copy>(rng: &mut impl Rng, from: &[T]) -> T {
    // None of the lists is empty.
    from.choose(rng).copied().unwrap_or(from[0])
}
