import { readFileSync, readdirSync } from 'node:fs';
import { type Page } from '@playwright/test';
import { expect } from './fixtures';

/** The languages that the screen speaks, in the order in which their texts stand beside each other. */
export const LANGUAGES = ['en', 'pt-BR', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

const FOLDER = new URL('../../app/src/words/', import.meta.url);

/** The parts of all texts that stand between their values, by language. */
function parts(language: Language): Set<string> {
  const nth = LANGUAGES.indexOf(language);
  const found = new Set<string>();
  for (const file of readdirSync(FOLDER).filter((file) => file !== 'tests.rs')) {
    const words = readFileSync(new URL(file, FOLDER), 'utf8').split('words! {')[1] ?? '';
    for (const [, texts] of words.matchAll(/\w+(?:\[\w+\])?(?:\([\w, ]+\))?:((?:\s*\|?,?\s*"[^"]*")+);/g)) {
      const all = [...texts.matchAll(/"([^"]*)"/g)].map(([, text]) => text);
      const forms = all.length / LANGUAGES.length;
      for (const text of all.slice(nth * forms, (nth + 1) * forms)) {
        for (const part of text.split(/\{\w+\}/).map((part) => part.trim())) if (/\p{L}{2}/u.test(part)) found.add(part);
      }
    }
  }
  return found;
}

/** What English says and `language` does not. */
export function onlyEnglish(language: Language): Set<string> {
  const theirs = parts(language);
  return new Set([...parts('en')].filter((part) => !theirs.has(part)));
}

/** Every text of the page and every label that somebody reads or hears, but for what people recorded. */
export async function texts(page: Page): Promise<string[]> {
  const found = await page.evaluate(() => {
    const data = 'script, style, code, pre, bdi, del, ins, body [lang=en], .badge:not(.status)';
    const found = document.title.split(' · ');
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (!node.parentElement!.closest(data)) found.push(node.textContent!);
    }
    for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext', 'data-narrow', 'data-show', 'data-hide']) {
      for (const element of document.querySelectorAll(`[${name}]`)) {
        if (!element.closest(data)) found.push(element.getAttribute(name)!);
      }
    }
    return found;
  });
  // A key behind a label is no part of it.
  return found.map((text) => text.trim().replace(/ \([^ ]+\)$/, '')).filter((text) => text !== '');
}

/** Says that the page is in `language`, and that nothing in it is in English. */
export async function expectAllIn(page: Page, language: Language, english: Set<string>) {
  await expect(page.locator('html')).toHaveAttribute('lang', language);
  const left = (await texts(page)).filter((text) => english.has(text));
  expect(left, `English on ${page.url()}`).toEqual([]);
}
