//! Words of signing in, and of who looks at the screen.

use super::words;

words! {
    sign_in: "Sign in", "Entrar", "Iniciar sesión";
    sign_in_for_whom:
        "Back office, auditors and customers",
        "Back office, auditores e clientes",
        "Back office, auditores y clientes";
    email: "Email", "E-mail", "Correo electrónico";
    password: "Password", "Senha", "Contraseña";
    show_password: "Show password", "Mostrar a senha", "Mostrar la contraseña";
    show: "Show", "Mostrar", "Mostrar";
    hide: "Hide", "Ocultar", "Ocultar";
    sign_in_is_recorded:
        "Signing in is recorded, and so is trying to.",
        "Cada acesso é registrado, e cada tentativa também.",
        "Cada acceso queda registrado, y cada intento también.";
    wrong_credentials:
        "That email and password do not belong together.",
        "Esse e-mail e essa senha não correspondem.",
        "Ese correo y esa contraseña no corresponden.";
    too_many_attempts:
        "Too many attempts. Wait a little, then try again.",
        "Tentativas demais. Espere um pouco e tente novamente.",
        "Demasiados intentos. Espere un poco e intente de nuevo.";
    wait_seconds[count]:
        "Too many attempts. Wait a second, then try again."
            | "Too many attempts. Wait {count} seconds, then try again.",
        "Tentativas demais. Espere um segundo e tente novamente."
            | "Tentativas demais. Espere {count} segundos e tente novamente.",
        "Demasiados intentos. Espere un segundo e intente de nuevo."
            | "Demasiados intentos. Espere {count} segundos e intente de nuevo.";
    sign_in_unavailable:
        "Signing in does not work at the moment. Try again shortly.",
        "No momento não é possível entrar. Tente novamente em instantes.",
        "Por el momento no es posible iniciar sesión. Intente de nuevo en breve.";

    role_operator: "Operator", "Operador", "Operador";
    role_auditor: "Auditor", "Auditor", "Auditor";
    role_customer: "Customer", "Cliente", "Cliente";
}
