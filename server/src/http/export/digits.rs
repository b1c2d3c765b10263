//! Numbers in a file's text.

/// Writes a number to the end of `file`.
pub(super) fn number(mut number: u64, file: &mut Vec<u8>) {
    let mut digits = [b'0'; 20];
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] += (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return file.extend_from_slice(&digits[first..]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_full() {
        for example in [0, 7, 10, 1_000_000, u64::MAX] {
            let mut file = Vec::new();
            number(example, &mut file);
            assert_eq!(file, example.to_string().into_bytes());
        }
    }
}
