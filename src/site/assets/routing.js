// Routing tables put to a record: the rule that takes it, and why each earlier one does not.
//
// It answers as `opmodel` does: src/criteria/criteria.md says what criteria mean, and a test puts
// thousands of records to both. Numbers are exact, never floating point.
"use strict";

window.opmodel.routing = (() => {
  const DAY = 86_400_000_000_000n;
  const LATEST = BigInt(Date.UTC(9999, 11, 30, 22)) * 1_000_000n + 999_999_999n;
  const MAX_LEVELS = 256;
  const MAX_PARTS = 200_000;

  // Why a condition has no answer.
  class Lost extends Error {}

  // Space as Unicode has it, which is not quite what JavaScript trims.
  function trimmed(text) {
    return text.replace(/^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g, "");
  }

  // A number as digits and how many of them stand behind the point; none where it is not one, or has
  // more digits than the tool keeps.
  function decimal(text) {
    const parts = /^([+\-\u2212]?)(\d*)(?:\.(\d+))?(?:[eE]([+\-\u2212]?)(\d{1,4}))?$/.exec(text);
    if (!parts || (!parts[2] && !parts[3])) return null;
    const [, sign, whole, fraction = "", exponentSign, exponent] = parts;
    let digits = BigInt(whole + fraction);
    let scale = fraction.length;
    if (exponent) scale -= exponentSign === "-" || exponentSign === "\u2212" ? -Number(exponent) : Number(exponent);
    if (scale < 0) {
      if (scale < -28 && digits !== 0n) return null;
      digits *= 10n ** BigInt(-scale);
      scale = 0;
    }
    if (scale > 28 || digits >= 1n << 96n) return null;
    return [sign === "-" || sign === "\u2212" ? -digits : digits, scale];
  }

  function isWhole([digits, scale]) {
    return digits % 10n ** BigInt(scale) === 0n;
  }

  // Days since 1970 in the calendar that everybody uses now; none where there is no such day.
  function day(text) {
    const parts = /^(\d{4})([-./])(\d{1,2})\2(\d{1,2})$/.exec(text);
    if (!parts) return null;
    const [year, month, date] = [Number(parts[1]), Number(parts[3]), Number(parts[4])];
    const at = new Date(0);
    at.setUTCFullYear(year, month - 1, date);
    if (at.getUTCFullYear() !== year || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== date) return null;
    return Math.round(at.getTime() / 86_400_000);
  }

  function dayText(days) {
    return new Date(days * 86_400_000).toISOString().slice(0, 10);
  }

  // Nanoseconds since 1970; a time without a zone is one of UTC.
  function instant(text) {
    const parts = /^(\d{4}[-./]\d{1,2}[-./]\d{1,2})[Tt ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(?:([zZ]|UTC|utc|GMT|gmt)|([+\-\u2212])(\d{2}):?(\d{2})?)?$/.exec(text);
    const date = parts && day(parts[1]);
    if (!parts || date === null) return null;
    const [, , hour, minute, second = "0", fraction = "", , sign, offHours = "0", offMinutes = "0"] = parts;
    if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || Number(offHours) > 25 || Number(offMinutes) > 59) return null;
    const seconds = BigInt(Number(hour) * 3600 + Number(minute) * 60 + Number(second));
    const offset = BigInt(Number(offHours) * 3600 + Number(offMinutes) * 60);
    const local = BigInt(date) * DAY + seconds * 1_000_000_000n + BigInt(fraction.padEnd(9, "0").slice(0, 9));
    const at = sign ? local - (sign === "+" ? offset : -offset) * 1_000_000_000n : local;
    return at > LATEST ? null : at;
  }

  function floored(number, by) {
    const quotient = number / by;
    return number % by < 0n ? quotient - 1n : quotient;
  }

  // The first instant of a day.
  function midnight(days) {
    const at = BigInt(days) * DAY;
    return at > LATEST ? LATEST : at;
  }

  function dayOf(nanoseconds) {
    return Number(floored(nanoseconds, DAY));
  }

  // Whether a number may be another one a thousand times as large: three digits stand behind a point, as
  // they do where it stands between thousands.
  function isUnsure(text) {
    return /^[+\-\u2212]?[1-9]\d{0,2}\.\d{3}$/.test(text);
  }

  // What to write instead, where the point stands between thousands and where it does not.
  function unsure(text, isWhole) {
    const [whole, behind] = text.split(".");
    const fraction = behind.replace(/0+$/, "");
    const point = fraction ? `${whole}.${fraction.padEnd(fraction.length > 2 ? 4 : 2, "0")}` : whole;
    return isWhole && fraction ? `write ${whole}${behind}` : `write ${whole}${behind} or ${point}: the point may stand between thousands`;
  }

  // The values a text can stand for, by the type of its field; what is wrong with it where it cannot.
  const readers = {
    text: (text) => ["text", text],
    reference: (text) => ["text", text],
    choice: (text) => ["text", text],
    choices: (text) => ["choices", text.split(";").map(trimmed).filter(Boolean)],
    bool: (text) => {
      if (/^(true|1|yes)$/i.test(text)) return ["bool", true];
      return /^(false|0|no)$/i.test(text) ? ["bool", false] : "write yes or no";
    },
    integer: (text) => {
      if (isUnsure(text)) return unsure(text, true);
      const number = decimal(text);
      return number && isWhole(number) ? ["number", number] : "write a whole number, such as 200";
    },
    number: (text) => withReason(decimal(text), "number", "write a number, such as 0.5"),
    money: (text) => isUnsure(text) ? unsure(text, false) : withReason(decimal(text), "number", "write a number, such as 25000.50, without the currency"),
    date: (text) => {
      const date = day(text);
      const at = date === null ? instant(text) : null;
      return withReason(at === null ? date : dayOf(at), "date", "write a day, such as 2026-01-31");
    },
    datetime: (text) => {
      const date = day(text);
      return date !== null ? ["date", date] : withReason(instant(text), "datetime", "write a day and a time, such as 2026-01-31T09:00Z");
    },
  };

  function withReason(value, kind, reason) {
    return value === null ? reason : [kind, value];
  }

  // What a text stands for: a value, nothing, or (as a text) what to write instead.
  function read(text, type) {
    const plain = trimmed(text);
    if (!plain) return null;
    const value = (readers[type] ?? readers.text)(plain);
    return Array.isArray(value) && value[0] === "choices" && !value[1].length ? null : value;
  }

  // A value as data has it; a text stands for itself.
  const literals = new WeakMap();
  function literal(value) {
    if (typeof value === "string") return ["text", value];
    if (!literals.has(value)) {
      const [kind, text] = value;
      const made = { number: decimal, date: day, datetime: instant }[kind];
      literals.set(value, [kind, made ? made(text) : text]);
    }
    return literals.get(value);
  }

  function sign(one, other) {
    return one < other ? -1 : one > other ? 1 : 0;
  }

  // The order of two numbers, days or instants; none where they have none.
  function order([kind, actual], [named, value]) {
    if (kind === "number" && named === "number") {
      const scale = Math.max(actual[1], value[1]);
      const at = ([digits, own]) => digits * 10n ** BigInt(scale - own);
      return sign(at(actual), at(value));
    }
    if (kind === named && (kind === "date" || kind === "datetime")) return sign(actual, value);
    if (kind === "datetime" && named === "date") return sign(actual, midnight(value));
    return null;
  }

  function equal(actual, named, folds) {
    if (actual[0] === "text" && named[0] === "text") return same(actual[1], named[1], folds);
    if (actual[0] === "bool" && named[0] === "bool") return actual[1] === named[1];
    return order(actual, named) === 0;
  }

  // The sigma that ends a Greek word is the letter that it is elsewhere.
  const lower = (text) => text.toLowerCase().replaceAll("\u03c2", "\u03c3");

  function same(one, other, folds) {
    return one === other || (folds && lower(one) === lower(other));
  }

  function admits(op, by) {
    return { "=": by === 0, "!=": by !== 0, "<": by < 0, "<=": by <= 0, ">": by > 0, ">=": by >= 0 }[op];
  }

  // Only the negated tests hold for a field that is not set.
  function holdsUnset(what, args) {
    if (what === "!=") return true;
    if (what === "in" || what === "list") return args[1];
    if (what === "set") return args[0];
    return (what === "since" || what === "until") && args[0] === "!=";
  }

  function wholeDays([kind, value], direction, asOf) {
    if (kind !== "date" && kind !== "datetime") return null;
    const now = kind === "date" ? midnight(dayOf(asOf)) : asOf;
    const then = kind === "date" ? midnight(value) : value;
    return floored(direction === "since" ? now - then : then - now, DAY);
  }

  // The value as its field means it, where a day was given for an instant or the reverse.
  function typed(value, type) {
    if (value[0] === "date" && type === "datetime") return ["datetime", midnight(value[1])];
    if (value[0] === "datetime" && type === "date") return ["date", dayOf(value[1])];
    return value;
  }

  // A record, by path, before the criteria of a routing table at an instant.
  class Judge {
    constructor(data, table, record, asOf) {
      const labels = new Map(table.fields.map((place) => [data.fields[place].path, data.fields[place].label]));
      Object.assign(this, { data, record, asOf, labels, parts: 0 });
    }

    holds(part, depth) {
      this.parts += 1;
      if (this.parts > MAX_PARTS || depth > MAX_LEVELS) throw new Lost("with its references expanded the criterion is too large");
      const [what, , , first, second] = part;
      switch (what) {
        case "and": return this.enough(first, first.length, depth);
        case "or": return this.enough(first, 1, depth);
        case "least": return this.enough(second, first, depth);
        case "not": return !this.holds(first, depth + 1);
        case "is": return this.data.predicates[first][1].every(([, criterion, inverted]) => this.criterion(criterion, depth + 1) !== inverted);
        case "lost": throw new Lost(first);
        default: return this.test(part);
      }
    }

    criterion(place, depth) {
      return this.holds(this.data.criteria[place][1], depth);
    }

    // Whether a criterion holds that is asked for itself.
    asked(place) {
      this.parts = 0;
      return this.criterion(place, 0);
    }

    // Whether at least so many hold; no more of them are asked than must be.
    enough(of, needed, depth) {
      let found = 0;
      for (let at = 0; at < of.length; at += 1) {
        if (found >= needed || found + of.length - at < needed) break;
        if (this.holds(of[at], depth + 1)) found += 1;
      }
      return found >= needed;
    }

    test([, , , field, what, ...args]) {
      const [path, type] = this.data.asked[field];
      const given = this.record.get(path);
      if (given === undefined) return holdsUnset(what, args);
      if (what === "set") return !args[0];
      const value = typed(given, type);
      const folds = type === "text" && value[0] === "text";
      const text = value[0] === "text" ? (folds ? lower(value[1]) : value[1]) : null;
      const named = () => (folds ? lower(args[0]) : args[0]);
      switch (what) {
        case "true": return value[0] === "bool" && value[1];
        case "=": return equal(value, literal(args[0]), folds);
        case "!=": return !equal(value, literal(args[0]), folds);
        case "between": return this.within(value, literal(args[0]), literal(args[1]));
        case "in": return args[0].some((one) => equal(value, literal(one), folds)) !== args[1];
        case "list": return (text !== null && this.data.lists[args[0]].some((one) => same(value[1], one, folds))) !== args[1];
        case "contains": return typeof args[0] === "string" && (text !== null ? text.includes(named()) : value[0] === "choices" && value[1].includes(args[0]));
        case "starts": return text !== null && typeof args[0] === "string" && text.startsWith(named());
        case "ends": return text !== null && typeof args[0] === "string" && text.endsWith(named());
        case "since":
        case "until": return this.days(value, what, args);
        default: {
          const by = order(value, literal(args[0]));
          return by !== null && admits(what, by);
        }
      }
    }

    within(value, low, high) {
      const [from, to] = [order(value, low), order(value, high)];
      return from !== null && to !== null && from >= 0 && to <= 0;
    }

    days(value, direction, [op, low, high]) {
      const days = wholeDays(value, direction, this.asOf);
      if (days === null) return op === "!=";
      return op === "between" ? BigInt(low) <= days && days <= BigInt(high) : admits(op, sign(days, BigInt(low)));
    }
  }

  // Where a table sends a record: the rule by its place among the rules, -1 for the default; null where
  // the table is not about the record; `tried` are the rules that were asked before.
  function route(data, table, record, asOf) {
    const judge = new Judge(data, table, record, asOf);
    const tried = [];
    try {
      if (table.applies_to !== null && !judge.asked(table.applies_to)) return { about: false, judge, tried };
      for (const [place, number] of table.rules.entries()) {
        const rule = data.rules[number];
        if (rule.when !== null && judge.asked(rule.when)) return { about: true, place, rule, judge, tried };
        tried.push(rule);
      }
      return { about: true, place: -1, rule: null, judge, tried };
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      return { lost: error.message, judge, tried };
    }
  }

  // What keeps a record from a criterion, by the words that decide it, and what is behind them.
  function obstacles(judge, place) {
    const [text, part] = judge.data.criteria[place];
    return wordsOf(judge, text, part, 0);
  }

  function wordsOf(judge, text, part, level) {
    judge.parts = 0;
    const [what, start, end, first, second] = part;
    const fails = (one) => !judge.holds(one, 0);
    if (what === "and") return first.filter(fails).flatMap((one) => wordsOf(judge, text, one, level));
    const found = { words: text.slice(start, end), because: because(judge, part), behind: [] };
    if (what === "or" && first.length > 1) found.behind = first.flatMap((one) => wordsOf(judge, text, one, level));
    if (what === "least") found.behind = second.filter(fails).flatMap((one) => wordsOf(judge, text, one, level));
    if (what === "is" && level < 16) found.behind = behind(judge, first, level + 1);
    return [found];
  }

  function behind(judge, predicate, level) {
    const failing = judge.data.predicates[predicate][1].filter(([, criterion, inverted]) => {
      judge.parts = 0;
      return judge.criterion(criterion, 0) === inverted;
    });
    return failing.flatMap(([id, criterion, inverted]) => {
      const [text, part] = judge.data.criteria[criterion];
      if (!inverted) return wordsOf(judge, text, part, level).map((one) => ({ ...one, id }));
      return [{ words: text, id, because: "it holds, and must not", behind: [] }];
    });
  }

  function because(judge, [what, , , first, second]) {
    if (what === "or") return first.length ? "none of these holds" : "it never holds";
    if (what === "least") {
      const held = second.filter((one) => judge.holds(one, 0)).length;
      return `${held === 1 ? "1 of these holds" : `${held || "none"} of these hold${held ? "" : "s"}`}, ${first} must`;
    }
    if (what === "not") return "what must not hold does";
    if (what !== "test") return "";
    const [path, type] = judge.data.asked[first];
    const label = judge.labels.get(path) ?? path;
    const value = judge.record.get(path);
    if (value === undefined) return `${label} is not set`;
    const isDays = second === "since" || second === "until";
    const days = isDays ? wholeDays(typed(value, type), second, judge.asOf) : null;
    if (days !== null) return `${label} is ${spelled(value)}, days ${second} then: ${days}`;
    return `${label} is ${spelled(value)}`;
  }

  function spelled([kind, value]) {
    switch (kind) {
      case "number": return numberText(value);
      case "bool": return String(value);
      case "date": return dayText(value);
      case "datetime": return instantText(value);
      case "choices": return value.join("; ");
      default: return `‘${value}’`;
    }
  }

  function numberText([digits, scale]) {
    const plain = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, "0");
    const whole = plain.slice(0, plain.length - scale);
    const fraction = scale ? `.${plain.slice(plain.length - scale)}` : "";
    return (digits < 0n ? "−" : "") + whole + fraction;
  }

  function instantText(nanoseconds) {
    const seconds = new Date(Number(floored(nanoseconds, 1_000_000n))).toISOString();
    return seconds.replace(/\.\d+Z$/, "Z");
  }

  return { read, route, obstacles, instant, day, Lost };
})();
