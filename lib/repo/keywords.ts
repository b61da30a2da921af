/** Reserved words by language: what is not an identifier although it looks like one. */
import type { Language } from "./languages.ts";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const JAVASCRIPT =
  "async await break case catch class const continue debugger default delete do else export extends false finally " +
  "for from function get if import in instanceof let new null of return set static super switch this throw true try " +
  "typeof undefined var void while with yield";

const TYPESCRIPT = JAVASCRIPT +
  " abstract any as asserts bigint boolean declare enum implements infer interface is keyof namespace never number " +
  "object override private protected public readonly satisfies string symbol type unknown unique";

const C =
  "auto bool break case char const continue default define defined do double elif else endif enum extern false float " +
  "for goto if ifdef ifndef include inline int long pragma register restrict return short signed sizeof static struct " +
  "switch true typedef undef union unsigned void volatile while";

/** Keywords of each language, case-sensitive whole words. */
export const KEYWORDS: Readonly<Record<Language, ReadonlySet<string>>> = {
  python: words(
    "False None True and as assert async await break class continue def del elif else except finally for from global " +
      "if import in is lambda nonlocal not or pass raise return self try while with yield",
  ),
  rust: words(
    "Self as async await bool break char const continue crate dyn else enum extern f32 f64 false fn for i16 i32 i64 " +
      "i8 if impl in isize let loop match mod move mut pub ref return self static str struct super trait true type u16 " +
      "u32 u64 u8 union unsafe use usize where while",
  ),
  javascript: words(JAVASCRIPT),
  typescript: words(TYPESCRIPT),
  tsx: words(TYPESCRIPT),
  go: words(
    "any bool break byte case chan const continue default defer else error fallthrough false float64 for func go goto " +
      "if import int int32 int64 interface map nil package range return rune select string struct switch true type " +
      "uint32 uint64 var",
  ),
  java: words(
    "abstract assert boolean break byte case catch char class const continue default do double else enum extends false " +
      "final finally float for goto if implements import instanceof int interface long native new null package private " +
      "protected public return short static strictfp super switch synchronized this throw throws transient true try " +
      "var void volatile while",
  ),
  c: words(C),
  cpp: words(
    C +
      " alignas alignof catch class concept constexpr const_cast decltype delete dynamic_cast explicit export final " +
      "friend mutable namespace new noexcept nullptr operator override private protected public reinterpret_cast " +
      "requires static_assert static_cast template this throw try typeid typename using virtual",
  ),
  ruby: words(
    "BEGIN END alias and begin break case class def do else elsif end ensure false for if in module next nil not or " +
      "redo rescue retry return self super then true undef unless until when while yield",
  ),
  php: words(
    "abstract and array as break callable case catch class clone const continue declare default do echo else elseif " +
      "empty enum extends false final finally fn for foreach function global goto if implements include instanceof " +
      "insteadof interface isset list match namespace new null or php print private protected public readonly require " +
      "return static switch this throw trait true try unset use var void while xor yield",
  ),
  csharp: words(
    "abstract as async await base bool break byte case catch char checked class const continue decimal default " +
      "delegate do double else enum event explicit extern false finally fixed float for foreach get goto if implicit in " +
      "int interface internal is lock long namespace new null object operator out override params private protected " +
      "public readonly record ref return sbyte sealed set short sizeof static string struct switch this throw true try " +
      "typeof uint ulong unchecked unsafe ushort using value var virtual void volatile where while yield",
  ),
};

/** For text of a language without a grammar nothing is known to be a keyword. */
export const NO_KEYWORDS: ReadonlySet<string> = new Set();
