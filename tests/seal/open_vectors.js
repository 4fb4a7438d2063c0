/* Opens every vector with the script of the pages, in Node; prints what differs, as JSON. */
"use strict";
const [script, vectors] = process.argv.slice(2);
const { normalised, stretched, openBox } = require(script);
const hex = (bytes) => Buffer.from(bytes).toString("hex");

async function check(vector) {
  const words = vector.typed ? await stretched(vector.typed, vector.token) : new Uint8Array();
  const box = new Uint8Array(Buffer.from(vector.box, "base64"));
  const opened = await openBox(box, vector.key, words, vector.token, vector.name, vector.mode);
  return (
    normalised(vector.typed) === vector.words &&
    hex(words) === vector.stretched &&
    opened.page === vector.page &&
    hex(opened.file) === vector.file
  );
}

(async () => {
  const wrong = [];
  for (const vector of require(vectors)) if (!(await check(vector))) wrong.push(vector.why);
  console.log(JSON.stringify(wrong));
})();
