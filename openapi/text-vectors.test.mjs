// The rule for the text of comments as a client counts it, held against the published vectors.
// Run: node openapi/text-vectors.test.mjs
import { readFileSync } from "node:fs";

const { max_length: MAX, max_marks: MARKS, vectors } = JSON.parse(
  readFileSync(new URL("./text-vectors.json", import.meta.url), "utf8"),
);

// White_Space of Unicode: String.trim of JavaScript takes U+FEFF besides, and leaves U+0085.
const TRIM = /^\p{White_Space}+|\p{White_Space}+$/gu;
const CONTROL = /(?![\t\n])\p{Cc}/u;
const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
const SHOWN = /[^\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\uFFF0-\uFFFB]/u;
const FLOOD = new RegExp(`\\p{M}{${MARKS + 1}}`, "u");

/** The text as it is stored, and why it is refused, if it is. */
export function check(text) {
  const stored = text.normalize("NFC").replace(TRIM, "");
  const length = [...stored].length;
  const code =
    length === 0 ? "empty"
    : CONTROL.test(stored) ? "control_characters"
    : BIDI.test(stored) ? "bidi_characters"
    : !SHOWN.test(stored) ? "invisible_text"
    : length > MAX ? "too_long"
    : FLOOD.test(stored) ? "too_many_marks"
    : null;
  return { stored, length, code };
}

const wrong = vectors.filter(({ text, accepted, stored, code, length }) => {
  const got = check(text);
  const same = accepted ? got.code === null && got.stored === stored : got.code === code;
  return !same || got.length !== length;
});
for (const { name, text } of wrong) console.error(name, check(text));
console.log(`${vectors.length} vectors, ${wrong.length} wrong`);
process.exitCode = wrong.length === 0 ? 0 : 1;
