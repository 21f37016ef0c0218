/**
 * Calls that chance does not come by: arguments of other types, lists and maps that are nil, bytes that are no characters, maps that functions change or that
 * hold themselves. What stands before ` ;; ` is done before.
 */
export const WRITTEN: readonly string[] = String.raw`
trunc "x" 5
trunc 5.5 "abc"
upper nil
upper 1
substr 1 "a" "b"
set nil "a" 1
set (fromJson "null") "a" 1
merge (fromJson "null") (dict "a" 1)
merge (dict "a" 1) (fromJson "null")
fromJson "null"
fromJsonArray "null"
fromYaml "null"
deepCopy nil
deepCopy (fromJson "null")
deepCopy (dict "a" nil "b" (list nil (dict)) "c" (fromJsonArray "null"))
append nil 1
first nil
last "abc"
has 1 nil
has 1 "x"
concat nil
concat (list 1) "a"
slice nil
slice (list 1 2 3) 5
slice (list 1 2 3) 2 1
slice (list 1 2 3) 0 4
slice (until 3) 1
slice "abc" 1
chunk 0 (list 1 2)
chunk -1 (list 1)
chunk -5 (list 1 2 3)
chunk 2 nil
dig "a" (dict)
dig "a" "b" 1 (dict "a" 5)
dig 1 "b" 1 (dict "a" 5)
dig "a" 1 "x"
dig "a" 1 nil
dig "a" 1 .Values
omit .Values "a"
typeOf (set (deepCopy .Values) "a" 1)
typeOf (merge .Values (dict))
typeOf .Values
deepEqual (dict) .Values
div 1 0
mod 1 0
div (int64 "-9223372036854775808") -1
mod (int64 "-9223372036854775808") -1
divf 1 0
addf "inf" 1
mulf (float64 "nan") 1
addf 0.1 0.2
addf 1e308 1e308
mulf 1e200 1e200
mulf 1e-200 1e-200
divf 1 3
divf 2 3
divf -2 3
divf 1e300 1e-300
subf 5
divf 5
round 2.5 0
round 123.555 -1
round 1 400
round 1 -400
round "1.005" 2
round 1e22 25
until 0
untilStep 0 10 0
untilStep 10 0 3
seq
seq 0 2 10
seq 10 -3 0
seq 1 0 5
seq 1 2 3 4
toDecimal "777"
toDecimal "-10"
toDecimal "0o17"
toDecimal "8"
toDecimal "7777777777777777777777777"
atoi "99999999999999999999"
int "99999999999999999999"
int 1e30
int -1e30
int64 "0x10"
int "1_000"
int "017"
float64 (list)
repeat -1 "a"
repeat 9223372036854775807 ""
indent -1 "a"
nindent -2 "a"
substr 0 10 "abc"
substr -1 10 "abc"
substr 5 -1 "abc"
substr 2 1 "abc"
substr -1 -1 "abc"
splitn "," 0 "a,b"
splitn "," 1 "a,b"
splitn "," -1 "a,b"
splitn "," 5 "a,b"
quote
quote nil
cat
cat nil
squote nil "a"
join "," (list nil 1)
join "," nil
join 1 (list 1)
toStrings nil
sortAlpha nil
keys (dict) (dict "a" 1)
keys
keys 1
pluck "a"
pluck "a" (dict "a" nil) (dict "b" 1)
get (dict "a" nil) "a"
get (dict) "a"
get (split "," "a") "_0"
hasKey (split "," "a") "_0"
set (split "," "a") "_0" "b"
merge (split "," "a") (dict)
values (dict "a" nil)
values (split "," "a")
ternary 1 2 nil
ternary 1 2 "x"
ternary "a" "b" true
default
default 1
default 1 2 3
default 1 0 3
coalesce
empty nil
all
any
typeIs "string" "a"
kindIs "invalid" nil
b64dec "gA==" | b64enc
b64dec "gIE=" | quote
b64dec "w6Q=" | trunc 1 | quote
trunc 1 "ä" | len
nospace "ä b"
initials "äb cd"
abbrev 5 "ääääää"
wrap 3 "ää ä"
regexReplaceAll "(?P<n>a)(?P<n>b)?" "ab a" "[$n]"
regexReplaceAll "" "abc" "-"
regexReplaceAll "x*" "äbc" "-"
regexFindAll "" "äb" -1
regexSplit "" "abc" -1
regexSplit "" "" -1
regexSplit "a" "" 0
regexSplit "" "äöü" 2
regexMatch "\\bä" "ä"
regexQuoteMeta "a.b*c[d]{e}^$|\\+?()-_"
regexFind "(" "a"
mustRegexMatch "(" "a"
regexMatch "(" "a"
regexReplaceAll "(" "a" "b"
urlParse "http://[::1]:80:90/"
urlJoin (dict "scheme" 1)
urlJoin (dict "scheme" nil)
urlJoin (dict)
urlJoin (dict "userinfo" "a b")
urlJoin (dict "host" "a" "path" "b" "scheme" "x" "opaque" "o")
fromToml "a = 1979-05-27" | toToml
fromToml "a = 07:32:00.123" | toToml
fromToml "a = 1979-05-27T07:32:00" | toToml
fromToml "a = 1979-05-27T07:32:00.5+02:00" | toToml
fromToml "[[a]]\nb=1\n[[a]]\nb=2" | toToml
toToml (dict "a" (list (dict "b" (list (dict "c" 1)))))
toToml (dict "a" (list (list (dict "b" 1))))
toToml (dict "a" (list nil))
toToml (dict "a" nil "b" 1)
toToml (list 1)
toToml "x"
toToml nil
toYamlPretty nil
toYamlPretty (list (b64dec "gA=="))
toYaml (list (b64dec "gA=="))
toYaml (dict (b64dec "gA==") 1)
toYamlPretty (dict (b64dec "gA==") 1)
toYaml (dict (repeat 2000 "a") 1) | len
toYaml (dict (repeat 200 "a") 1)
toYaml (dict (repeat 200 "ä") (list 1 2))
toYaml (dict (repeat 200 "a") (dict "x" 1))
toYamlPretty (dict (repeat 200 "a") (dict "x" (list 1)))
toYaml (dict "a\nb" 1 "c" (dict "x\ny" (list 1)))
toYamlPretty (dict "a\nb" 1 "c" (dict "x\ny" (list 1)))
toYaml (dict "<<" (dict "a" 1) "=" 1)
toYamlPretty (dict "<<" (dict "a" 1) "=" 1)
toYaml (dict "a" (float64 "nan"))
mustToYaml (dict "a" (float64 "nan"))
mustToJson (dict "a" (float64 "nan"))
toRawJson (dict "a" (float64 "nan"))
toPrettyJson (dict "a" (float64 "nan"))
mustToPrettyJson (dict "a" (float64 "nan"))
mustToRawJson (dict "a" (float64 "nan"))
toToml (dict "a" (float64 "nan"))
toYamlPretty (dict "a" (float64 "nan") "b" (float64 "inf") "c" 1e6 "d" 1.0)
$d := dict "a" 1 ;; $_ := set $d "a" $d ;; toJson $d
$d := dict "a" 1 ;; $_ := set $d "a" $d ;; mustToJson $d
$d := dict "a" 1 ;; $_ := set $d "a" $d ;; toYaml $d
$d := dict "a" 1 ;; $_ := set $d "a" $d ;; mustToYaml $d
$d := dict "a" 1 ;; $_ := set $d "a" (list $d) ;; mustToYaml $d
$d := dict "a" 1 ;; $_ := set $d "a" (list $d) ;; mustToJson $d
$a := dict "x" (dict "y" 1) ;; $b := merge (dict) $a ;; $_ := set (get $b "x") "y" 2 ;; toJson $a
$a := dict "x" (dict "y" 1) ;; $b := deepCopy $a ;; $_ := set (get $b "x") "y" 2 ;; toJson $a
$a := dict "x" (dict "y" 1) ;; $b := omit $a "z" ;; $_ := set (get $b "x") "y" 2 ;; toJson $a
$a := list "b" "a" ;; $_ := sortAlpha $a ;; toJson $a
$a := list 1 2 ;; $b := append $a 3 ;; $c := append $a 4 ;; toJson (list $a $b $c)
mergeOverwrite (dict "a" (list 1)) (dict "a" (list))
mergeOverwrite (dict "a" 1) (dict "a" 0)
mergeOverwrite (dict "a" 1) (dict "a" nil)
mergeOverwrite (dict "a" (dict "b" 1)) (dict "a" (dict))
mergeOverwrite (dict "a" (dict "b" 1)) (dict "a" "x")
mergeOverwrite (dict "a" "x") (dict "a" (dict "b" 1))
merge (dict "a" "") (dict "a" "x")
merge (dict "a" false) (dict "a" true)
merge (dict "a" nil) (dict "a" 1)
merge (dict "a" (dict)) (dict "a" (dict))
merge (dict "a" 0) (dict "a" (list))
mustMerge (dict) (dict "a" 1)
mustMergeOverwrite (dict) (dict "a" 1)
mustAppend (list) 1
push (list) 1
mustPush 1 1
mustPrepend (list) 1
mustFirst (list)
mustRest (list)
mustLast (list)
mustInitial (list)
mustReverse (list 1 2)
mustUniq (list 1 1)
mustWithout (list 1 2) 1
mustHas 1 (list 1)
mustSlice (list 1 2) 1
mustChunk 1 (list 1 2)
mustCompact (list 0 1)
mustDeepCopy (dict)
tuple 1 2
hello
trimall "$" "$5$"
randInt 5 5
randInt 5 1
kindOf (randInt 1 2)
randInt 3 4
shuffle "a"
shuffle ""
shuffle (b64dec "gA==")
mustToYaml (dict (repeat 1021 "a") 1)
toYaml (dict (repeat 1022 "a") 1)
mustToYaml (dict (repeat 1023 "a") 1)
mustToYaml (dict "x" (dict (repeat 1023 "ä") 1))
mustToYaml (dict (repeat 512 "\"") 1)
mustToYaml (dict (repeat 511 "\"") 1)
toYaml (list (repeat 2000 "a b ")) | len
join "" (list (trunc 1 "ä") (trunc -1 "ä"))
replace "x" "" (cat (trunc 1 "ä") "x" (trunc -1 "ä"))
toYaml .Values
toYaml (fromJson "null")
toYaml (dict "a" (fromJson "null") "b" (fromJsonArray "null") "c" (list (fromJson "null")))
toYamlPretty (dict "a" (fromJson "null") "b" (fromJsonArray "null") "c" (list (fromJson "null")))
toJson (dict "a" (fromJson "null") "b" (fromJsonArray "null"))
toToml (dict "a" (fromJson "null") "b" (fromJsonArray "null") "c" 1)
toYaml (rest (list))
toYamlPretty (rest (list))
toToml (rest (list))
toYamlPretty .Values
toJson .Values
toToml .Values
dig "map" "b" "c" "d" (omit .Values "x")
.Values.list | first | upper
has "pear" .Values.list
int .Values.million
quote .Values.million .Values.half .Values.yes
`
  .trim()
  .split("\n");
