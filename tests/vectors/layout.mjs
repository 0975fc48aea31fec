/**
 * The text of a vectors file: strict UTF-8, no key twice, one regular layout.
 *
 * A parser forgives white space, escapes and repeated keys; a vectors file in which any byte was
 * changed must not pass, so those are checked on the text itself. Any layout that is regular will
 * do: compact, or indented by anything.
 */

const TOKEN = /\s+|"(?:[^"\\\u0000-\u001f]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\]:,]/gy;

/** Splits JSON that parses into tokens with the white space before each. */
function split(text) {
  const tokens = [];
  let space = '';
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    if (/^\s/.test(match[0])) space = match[0];
    else {
      tokens.push({ text: match[0], space });
      space = '';
    }
  }
  return { tokens, end: space };
}

/** White space that the layout wants before a token. */
function wanted(style, before, token, depth) {
  const closes = token === '}' || token === ']';
  if (before === null || token === ',' || token === ':') return '';
  if (before === ':') return style.colon;
  if ((before === '{' || before === '[') && closes) return '';
  const opensOrCloses = closes || before === '{' || before === '[';
  if (style.indent === null) return opensOrCloses ? '' : style.comma;
  return `\n${style.indent.repeat(closes ? depth - 1 : depth)}`;
}

function escaped(text, ascii) {
  const plain = JSON.stringify(text);
  if (!ascii) return plain;
  return plain.replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * @param {string} text a file that JSON.parse takes
 * @returns {string[]} what is irregular, in words; empty if nothing is
 */
export function irregularities(text) {
  const { tokens, end } = split(text);
  const first = tokens.length > 1 ? tokens[1].space : '';
  const afterComma = tokens.find((_, i) => i > 0 && tokens[i - 1].text === ',');
  const afterColon = tokens.find((_, i) => i > 0 && tokens[i - 1].text === ':');
  const style = {
    indent: first.startsWith('\n') ? first.slice(1) : null,
    comma: afterComma && afterComma.space === ' ' ? ' ' : '',
    colon: afterColon && afterColon.space === ' ' ? ' ' : '',
  };
  const ascii = !/[\u0080-\uffff]/.test(text);
  const problems = [];
  const keys = [];
  let before = null;
  tokens.forEach((token, i) => {
    const name = `token ${i + 1} (${token.text.slice(0, 24)})`;
    if (token.space !== wanted(style, before, token.text, keys.length)) problems.push(`white space before ${name}`);
    if (token.text[0] === '"') {
      const value = JSON.parse(token.text);
      if (token.text !== escaped(value, ascii)) problems.push(`an unusual spelling of ${name}`);
      if (tokens[i + 1] && tokens[i + 1].text === ':') {
        const seen = keys[keys.length - 1];
        if (seen.has(value)) problems.push(`${name} is there twice`);
        seen.add(value);
      }
    } else if (/^[-\d]/.test(token.text) && token.text !== String(Number(token.text))) {
      problems.push(`an unusual spelling of ${name}`);
    }
    if (token.text === '{' || token.text === '[') keys.push(new Set());
    if (token.text === '}' || token.text === ']') keys.pop();
    before = token.text;
  });
  if (end !== '' && end !== '\n') problems.push('white space at the end');
  return problems;
}
