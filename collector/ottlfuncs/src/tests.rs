//! Functions through whole statements, on a log record that is the same each time.

mod bounds;
mod groups;
mod paths;
mod refused;
mod sender;

use slimcol_ottleval::Kind;

use crate::samples::{after, value_of};

/// Expressions and what they are.
const CONVERTERS: &[(&str, &str)] = &[
    (
        "UserAgent(body)",
        "compile: undefined function \"UserAgent\": it is not there, since its list of browsers would take 160 KB of every collector (at 1:1)",
    ),
    (
        "Any([1], (x) => x == 1)",
        "compile: lambda expression arguments require the `ottl.functions.enableLambda` feature gate to be enabled (at 1:10)",
    ),
    // what something is
    (
        "[IsString(body), IsString(\"\"), IsString(nil), IsString(attributes[\"total\"])]",
        "[true,true,false,false]",
    ),
    (
        "[IsBool(false), IsBool(1), IsInt(1), IsInt(1.0), IsDouble(1.0), IsDouble(nil)]",
        "[true,false,true,false,true,false]",
    ),
    (
        "[IsMap(attributes), IsMap(attributes[\"foo\"]), IsMap([]), IsList([]), IsList(attributes[\"things\"]), IsList({})]",
        "[true,true,false,true,true,false]",
    ),
    (
        "[IsEmpty(nil), IsEmpty(\"\"), IsEmpty(0), IsEmpty(false), IsEmpty([]), IsEmpty({}), IsEmpty(attributes[\"nothing\"]), IsEmpty(\" \"), IsEmpty(trace_id)]",
        "[true,true,true,true,true,true,true,false,false]",
    ),
    (
        "[IsMatch(body, \"operation[AC]\"), IsMatch(nil, \".*\"), IsMatch(attributes[\"total\"], \"^123\"), IsMatch(attributes[\"raw\"], \"^0102$\")]",
        "[true,false,true,true]",
    ),
    ("IsMatch(body, Concat([\"^oper\", \"ation\"], \"\"))", "true"),
    ("IsMatch(attributes[\"foo\"], \"\\\"bar\\\":\\\"pass\\\"\")", "true"),
    (
        "IsMatch(body, \"(\")",
        "compile: couldn't create function: the regex pattern supplied to IsMatch '\"(\"' is not a valid pattern: error parsing regexp: missing closing ): `(` (at 1:1)",
    ),
    (
        "[HasPrefix(body, \"oper\"), HasPrefix(body, \"per\"), HasSuffix(body, \"A\"), HasSuffix(\"\", \"\")]",
        "[true,false,true,true]",
    ),
    ("HasPrefix(severity_number, \"a\")", "run: expected string but got int64"),
    (
        "HasPrefix(1, \"a\")",
        "compile: error while parsing arguments for call to \"HasPrefix\": invalid argument at position 0: expected string but got int64 (at 1:11)",
    ),
    // conversions
    (
        "[Int(\"12\"), Int(\"-1\"), Int(\"1.5\"), Int(2.9), Int(-2.9), Int(true), Int(nil)]",
        "[12,-1,null,2,-2,1,null]",
    ),
    ("Int(attributes[\"foo\"])", "run: unsupported type: pcommon.Map"),
    ("[Double(\"1.5\"), Double(2), Double(true), Double(nil)]", "[1.5,2,1,null]"),
    ("Double(body)", "run: strconv.ParseFloat: parsing \"operationA\": invalid syntax"),
    ("[Bool(\"t\"), Bool(\"FALSE\"), Bool(0), Bool(0.1), Bool(nil)]", "[true,false,false,true,null]"),
    ("Bool(body)", "run: strconv.ParseBool: parsing \"operationA\": invalid syntax"),
    (
        "Bool(\"yes\")",
        "compile: error while parsing arguments for call to \"Bool\": invalid argument at position 0: strconv.ParseBool: parsing \"yes\": invalid syntax (at 1:6)",
    ),
    (
        "[String(1), String(1.5), String(true), String(attributes[\"raw\"]), String(nil), String(body)]",
        "[\"1\",\"1.5\",\"true\",\"0102\",null,\"operationA\"]",
    ),
    ("String([1, \"<\", nil])", "\"[1,\\\"\\\\u003c\\\",null]\""),
    ("String(attributes[\"foo\"][\"slice\"])", "\"[\\\"val\\\",2]\""),
    ("String(span_id)", "\"[1,2,3,4,5,6,7,8]\""),
    (
        "[Hex(\"12\"), Hex(1), Hex(true), Hex(attributes[\"raw\"]), Hex(1.0), Hex(nil)]",
        "[\"3132\",\"0000000000000001\",\"01\",\"0102\",\"3ff0000000000000\",\"\"]",
    ),
    (
        "[ParseInt(\"10\", 10), ParseInt(\"-ff\", 16), ParseInt(\"0xff\", 0), ParseInt(\"0b101\", 0), ParseInt(\"017\", 0), ParseInt(\"1_000\", 0), ParseInt(\"z\", 36)]",
        "[10,-255,255,5,15,1000,35]",
    ),
    ("ParseInt(\"12\", 2)", "run: strconv.ParseInt: parsing \"12\": invalid syntax"),
    (
        "ParseInt(\"99999999999999999999\", 10)",
        "run: strconv.ParseInt: parsing \"99999999999999999999\": value out of range",
    ),
    ("ParseInt(\"\", 10)", "run: invalid target value for ParseInt function, target cannot be empty"),
    ("ParseInt(\"1\", 37)", "run: strconv.ParseInt: parsing \"1\": invalid base 37"),
    ("[Log(1), Log(\"1\")]", "[0,0]"),
    ("Log(0)", "run: invalid input: expected number greater than zero but got 0"),
    ("[FNV(\"hello world\"), FNV(\"\")]", "[8618312879776256743,-3750763034362895579]"),
    ("TraceID(0x0102030405060708090a0b0c0d0e0f10)", "trace 0102030405060708090a0b0c0d0e0f10"),
    ("SpanID(\"0102030405060708\")", "span 0102030405060708"),
    ("SpanID(0x01)", "run: SpanID: could not decode ID: invalid length: expected 8 or 16 bytes, got 1"),
    ("SpanID(\"010203040506070x\")", "run: SpanID: could not decode ID: invalid hex"),
    // text
    ("Concat([\"a\", 1, nil, 1.5, true, [1]], \"-\")", "\"a-1-<nil>-1.5-true-[1]\""),
    ("Concat([], \",\")", "\"\""),
    (
        "Concat(body, \",\")",
        "compile: error while parsing arguments for call to \"Concat\": invalid argument at position 0: must be a list of type StringLikeGetter (at 1:8)",
    ),
    ("Split(attributes[\"flags\"], \"|\")", "[\"A\",\"B\",\"C\"]"),
    ("[Split(\"\", \",\"), Split(\"aé\", \"\"), Split(\"a\", \",\")]", "[[\"\"],[\"a\",\"é\"],[\"a\"]]"),
    ("Split(attributes[\"flags\"], \"|\")[1]", "\"B\""),
    ("Split(attributes[\"flags\"], \"|\")[3]", "run: index 3 out of bounds"),
    (
        "Split(attributes[\"flags\"], \"|\")[\"a\"]",
        "run: type pcommon.Slice does not support string indexing",
    ),
    ("Split(attributes[\"flags\"], \"|\")[Len(Split(attributes[\"flags\"], \"|\")) - 1]", "\"C\""),
    ("Substring(body, 3, 4)", "\"rati\""),
    (
        "Substring(body, 0, 11)",
        "run: invalid range for substring function, start(0)+length(11) cannot be greater than the length of target string(10)",
    ),
    ("Substring(body, -1, 1)", "run: invalid start for substring function, -1 cannot be negative"),
    ("Substring(body, 0, 0)", "run: invalid length for substring function, 0 cannot be negative or zero"),
    ("Substring(\"aéb\", 0, 2, true)", "\"a\""),
    (
        "[Trim(\"  a b \"), Trim(\"xxaxyx\", \"xy\"), Trim(\"xx\", \"x\"), Trim(\"éaé\", \"é\")]",
        "[\"a b\",\"a\",\"\",\"a\"]",
    ),
    (
        "[TrimPrefix(body, \"oper\"), TrimPrefix(body, \"x\"), TrimSuffix(body, \"A\")]",
        "[\"ationA\",\"operationA\",\"operation\"]",
    ),
    (
        "[ToUpperCase(body), ToLowerCase(\"ÀB\"), ConvertCase(body, \"upper\")]",
        "[\"OPERATIONA\",\"àb\",\"OPERATIONA\"]",
    ),
    (
        "ConvertCase(body, \"title\")",
        "compile: couldn't create function: invalid case: title, allowed cases are: lower, upper, snake, camel (at 1:1)",
    ),
    // lists and maps
    ("[Len(body), Len([1, 2]), Len(attributes[\"foo\"]), Len(\"é\")]", "[10,2,3,2]"),
    ("Keys(attributes[\"foo\"])", "[\"bar\",\"slice\",\"nested\"]"),
    ("Values({\"a\": 1})", "[1]"),
    (
        "[Index(body, \"A\"), Index(body, \"x\"), Index(attributes[\"things\"], \"x\"), Index(attributes[\"things\"], 3)]",
        "[9,-1,2,-1]",
    ),
    ("Index(body, 1)", "run: invalid value type for Index function, value must be a string"),
    (
        "[ContainsValue(attributes[\"things\"], 1), ContainsValue(attributes[\"things\"], \"1\")]",
        "[true,false]",
    ),
    ("Coalesce([attributes[\"missing\"], nil, \"a\", \"b\"])", "\"a\""),
    ("Coalesce([])", "compile: couldn't create function: Coalesce requires at least one argument (at 1:1)"),
    // structure
    ("[Sort([3, 1, 2]), Sort([1, 2.5, 2], \"desc\")]", "[[1,2,3],[2.5,2,1]]"),
    ("Sort([\"b\", true, 1, nil])", "[null,1,\"b\",true]"),
    ("Sort([[2], [1]])", "[[2],[1]]"),
    ("Sort(body)", "run: sort with unsupported type: 'string'. Target is not a list"),
    (
        "Sort([1], \"up\")",
        "compile: couldn't create function: invalid arguments: up. Order should be either \"asc\" or \"desc\" (at 1:1)",
    ),
    ("SliceToMap([\"a\", 1])", "{\"0\":\"a\",\"1\":1}"),
    (
        "SliceToMap([{\"n\": {\"k\": \"a\"}, \"v\": 1}, {\"n\": {\"k\": \"b\"}, \"v\": 2}], [\"n\", \"k\"], [\"v\"])",
        "{\"a\":1,\"b\":2}",
    ),
    (
        "SliceToMap([{\"a\": 1}], [\"x\", \"y\"])",
        "run: could not extract key from element 0: provided object does not contain the path [x y]",
    ),
    (
        "SliceToMap([1], value_path = [\"x\"])",
        "run: slice elements must be maps when using `key_path` or `value_path`, \
         but could not cast element of type `Int` to a map",
    ),
    (
        "[IsInCIDR(\"10.1.2.3\", [\"10.0.0.0/8\"]), IsInCIDR(\"11.1.2.3\", [\"10.0.0.0/8\", \"11.0.0.0/16\"])]",
        "[true,false]",
    ),
    (
        "[IsInCIDR(\"fd00::1\", [\"fd00::/8\"]), IsInCIDR(\"::1\", [\"0.0.0.0/0\"]), IsInCIDR(\"x\", [\"::/0\"])]",
        "[true,false,false]",
    ),
    ("[IsInCIDR(\"::1\", [\"::/0\"]), IsInCIDR(\"1.2.3.4\", [\"0.0.0.0/0\"])]", "[true,true]"),
    (
        "IsInCIDR(body, [\"10.0.0.0/33\"])",
        "compile: couldn't create function: invalid CIDR address: 10.0.0.0/33 (at 1:1)",
    ),
    (
        "[IsValidLuhn(\"4539 1488 0343 6467\"), IsValidLuhn(17893729974), IsValidLuhn(\"17893729975\"), IsValidLuhn(\" \")]",
        "[true,true,false,false]",
    ),
    ("IsValidLuhn(\"1x\")", "run: strconv.Atoi: parsing \"x\": invalid syntax"),
    ("ParseJSON(\"{\\\"id\\\":1,\\\"list\\\":[true]}\")", "{\"id\":1,\"list\":[true]}"),
    ("ParseJSON(\"{\\\"id\\\":1}\")[\"id\"]", "1"),
    ("ParseJSON(\"{}\")[\"id\"]", "run: key not found in map"),
    ("ParseJSON(body)", "run: readNumber: not a number, but found o, error found in #0 byte"),
    ("ParseKeyValue(\"k1=v1 k2='v 2'  k3=\\\"a=b\\\"\")", "{\"k1\":\"v1\",\"k2\":\"v 2\",\"k3\":\"a=b\"}"),
    ("ParseKeyValue(\"k1!v1_k2!v2\", \"!\", \"_\")", "{\"k1\":\"v1\",\"k2\":\"v2\"}"),
    ("ParseKeyValue(\"\")", "run: cannot parse from empty target"),
    (
        "ParseKeyValue(\"a b=1\")",
        "run: failed to split pairs into key-values: cannot split \"a\" into 2 items, got 1 item(s)",
    ),
    (
        "ParseKeyValue(\"a='1\")",
        "run: splitting source \"a='1\" into pairs failed: never reached the end of a quoted value",
    ),
    (
        "ParseKeyValue(body, \"=\", \"=\")",
        "compile: couldn't create function: pair delimiter \"=\" cannot be equal to delimiter \"=\" (at 1:1)",
    ),
    (
        "ToKeyValueString({\"b\": 1, \"a\": \"x y\", \"c\": \"q\\\"\"}, \"=\", \" \", true)",
        "\"a=\\\"x y\\\" b=1 c=q\\\\\\\"\"",
    ),
    (
        "ExtractPatterns(body, \"^(?P<verb>[a-z]+)(?P<what>[A-Z])$\")",
        "{\"verb\":\"operation\",\"what\":\"A\"}",
    ),
    ("ExtractPatterns(body, \"(?P<a>x)\")", "{}"),
    (
        "ExtractPatterns(body, \"x\")",
        "run: at least 1 named capture group must be supplied in the given regex",
    ),
    // time
    (
        "[UnixNano(time), UnixMicro(time), UnixMilli(time), UnixSeconds(time)]",
        "[1577934245000000321,1577934245000000,1577934245000,1577934245]",
    ),
    ("Unix(1, 5)", "time 1000000005"),
    ("time - observed_time", "duration 1577934245000000316"),
    ("time + Duration(\"1s\")", "time 1577934246000000321"),
    (
        "[Hours(Duration(\"90m\")), Minutes(Duration(\"90s\")), Seconds(Duration(\"1.5s\")), Milliseconds(Duration(\"1.5s\")), Microseconds(Duration(\"1ms\")), Nanoseconds(Duration(\"1us\"))]",
        "[1.5,1.5,1.5,1500,1000,1000]",
    ),
    (
        "[Year(time), Month(time), Day(time), Hour(time), Minute(time), Second(time), Nanosecond(time), Weekday(time)]",
        "[2020,1,2,3,4,5,321,4]",
    ),
    ("TruncateTime(time, Duration(\"1h\"))", "time 1577934000000000000"),
    ("TruncateTime(time, Duration(\"0s\"))", "time 1577934245000000321"),
    ("Time(\"2023-05-26 12:34:56 +02:00\", \"%Y-%m-%d %H:%M:%S %j\")", "time 1685097296000000000"),
    (
        "FormatTime(Time(\"2023-05-26 12:34:56 +02:00\", \"%Y-%m-%d %H:%M:%S %j\") + Duration(\"1h\"), \"%H:%M %j\")",
        "\"13:34 +02:00\"",
    ),
    ("Hour(Time(\"2023-05-26T12:34:56Z\", \"%Y-%m-%dT%H:%M:%SZ\"))", "12"),
    ("Time(\"2023\", \"%Y\", \"UTC\")", "time 1672531200000000000"),
    ("FormatTime(time, \"%Y-%m-%dT%H:%M:%S.%sZ\")", "\"2020-01-02T03:04:05.000000321Z\""),
    (
        "Time(\"2023\", \"%Y\", \"No/Where\")",
        "compile: couldn't create function: failed to load location No/Where: unknown time zone No/Where (at 1:1)",
    ),
    ("Time(\"\", \"%Y\")", "run: time cannot be nil"),
    ("FormatTime(time, \"\")", "compile: couldn't create function: format cannot be nil (at 1:1)"),
    ("Duration(\"x\")", "run: time: invalid duration \"x\""),
    (
        "Hours(1)",
        "compile: error while parsing arguments for call to \"Hours\": invalid argument at position 0: expected duration but got int64 (at 1:7)",
    ),
    ("SHA1(body)", "\"85e120e7381e11bdfc02c4a07bea64525e0d12cf\""),
    ("SHA256(body)", "\"0fe164ca87e2770c80b12f9778366f6c91267508bdc442dbf49cddba376933e5\""),
    (
        "SHA512(\"\")",
        "\"cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e\"",
    ),
    ("MD5(body)", "\"db9dbe4a8afd3b62b6eaa4766b06e1df\""),
    ("SHA256(severity_number)", "run: expected string but got int64"),
    ("Murmur3Hash(\"Hello World\")", "\"ce837619\""),
    ("Murmur3Hash128(\"Hello World\")", "\"dbc2a0c1ab26631a27b4c09fcf1fe683\""),
    ("Base64Encode(\"a?>b\")", "\"YT8+Yg==\""),
    ("Base64Encode(\"a?>b\", \"base64-raw-url\")", "\"YT8-Yg\""),
    ("Base64Encode(\"a\", \"x\")", "run: unsupported base64 variant: x"),
    ("Base64Decode(\"aGVsbG8g\\n8J+Mjg==\")", "\"hello 🌎\""),
    ("Base64Decode(\"aGVs!\")", "run: illegal base64 data at input byte 4"),
    ("Decode(\"YT8-Yg\", \"base64-raw-url\")", "\"a?>b\""),
    (
        "Decode(\"YT8-Yg==\", \"base64-raw-url\")",
        "run: could not decode: illegal base64 data at input byte 6",
    ),
    ("Decode(attributes[\"raw\"], \"latin1\")", "\"\\u0001\\u0002\""),
    ("Decode(attributes[\"raw\"], \"UTF16\")", "\"\u{201}\""),
    ("Decode(body, \"us-ascii\")", "\"operationA\""),
    (
        "Decode(body, \"utf-18\")",
        "compile: couldn't create function: unsupported encoding 'utf-18': did you mean `utf-8`? (at 1:1)",
    ),
    ("Decode(severity_number, \"utf-8\")", "run: unsupported type provided to Decode function: int64"),
    ("ToSnakeCase(\"someName\")", "\"some_name\""),
    ("ToCamelCase(\"some_name\")", "\"SomeName\""),
    ("ConvertCase(\"someName2\", \"snake\")", "\"some_name_2\""),
    ("ConvertCase(\"some name\", \"camel\")", "\"SomeName\""),
    (
        "ParseSeverity(\"warn\", {\"info\": [{\"equals\": [\"inf\"]}], \"warning\": [{\"equals\": [\"warn\", \"w\"]}]})",
        "\"warning\"",
    ),
    (
        "ParseSeverity(404, {\"error\": [{\"range\": \"5xx\"}, {\"range\": {\"min\": 400, \"max\": 404}}]})",
        "\"error\"",
    ),
    (
        "ParseSeverity(405, {\"error\": [{\"range\": {\"min\": 400, \"max\": 404}}]})",
        "run: could not map log level: no matching log level found for value '405'",
    ),
    (
        "ParseSeverity(1, {\"error\": [{\"range\": {\"min\": 400}}]})",
        "run: invalid severity mapping criteria: range must have a max value",
    ),
    (
        "ParseSeverity(1, {\"error\": [{\"range\": \"9xx\"}]})",
        "run: invalid severity mapping criteria: unknown range placeholder: 9xx",
    ),
    ("ParseSeverity(1, {\"error\": 1})", "run: severity mapping criteria must be []any"),
    (
        "ParseSeverity(0.5, {\"error\": []})",
        "run: could not map log level: could not evaluate log level of value '0.5': unsupported value type: float64",
    ),
    ("ParseSeverity(1, attributes[\"foo\"])", "run: severity mapping must be a literal PMap"),
];

/// A path in the record.
const FOO: &str = "attributes[\"foo\"]";

/// Statements, what is looked at behind each, and what it is then.
const EDITORS: &[(&str, &str, &str)] = &[
    ("set(attributes[\"a\"], \"b\")", "attributes[\"a\"]", "\"b\""),
    ("set(attributes[\"a\"], nil)", "attributes[\"a\"]", "null"),
    ("set(attributes[\"foo\"], nil)", "attributes[\"foo\"][\"bar\"]", "\"pass\""),
    ("set(attributes[\"total\"], attributes[\"flags\"])", "attributes[\"total\"]", "\"A|B|C\""),
    ("set(attributes, {\"a\": 1, \"a\": 2})", "attributes", "{\"a\":2}"),
    ("set(attributes, attributes[\"foo\"])", "Keys(attributes)", "[\"bar\",\"slice\",\"nested\"]"),
    ("set(attributes[\"a\"][\"b\"][1], true)", "attributes[\"a\"]", "{\"b\":[null,true]}"),
    ("set(attributes[\"foo\"][\"slice\"][1], \"x\")", "attributes[\"foo\"][\"slice\"]", "[\"val\",\"x\"]"),
    ("set(attributes[\"foo\"][\"slice\"][2], \"x\")", FOO, "run: index 2 out of bounds"),
    ("set(attributes[\"a\"][1000000000], \"x\")", FOO, "run: index 1000000000 out of bounds"),
    ("set(attributes[\"total\"][\"x\"], 1)", FOO, "run: type Int does not support string indexing"),
    ("set(attributes[body], severity_text)", "attributes[\"operationA\"]", "\"info\""),
    (
        "set(attributes[\"t\"], time)",
        FOO,
        "run: unsupported type time.Time for set operation; current value type is Empty",
    ),
    ("set(attributes, 1)", FOO, "run: unsupported type provided for setting a pcommon.Map: int64"),
    ("set(body, {\"a\": [1, {}]})", "body", "{\"a\":[1,{}]}"),
    ("set(body[\"a\"], 1)", "body", "run: log bodies of type Str cannot be indexed"),
    ("set(cache[\"a\"], Split(\"1 2\", \" \"))", "cache", "{\"a\":[\"1\",\"2\"]}"),
    (
        "set(1, 2)",
        "body",
        "compile: error while parsing arguments for call to \"set\": invalid argument at position 0: must be a path (at 1:5)",
    ),
    (
        "set(body)",
        "body",
        "compile: error while parsing arguments for call to \"set\": incorrect number of arguments. Expected: 2 Received: 1 (at 1:1)",
    ),
    ("set(value = \"x\", target = body)", "body", "\"x\""),
    (
        "set(target = body, \"x\")",
        "body",
        "compile: error while parsing arguments for call to \"set\": unnamed argument used after named argument (at 1:20)",
    ),
    (
        "set(body, valu = \"x\")",
        "body",
        "compile: error while parsing arguments for call to \"set\": no such parameter: valu (at 1:11)",
    ),
    ("set(body, value = \"x\") where false", "body", "\"operationA\""),
    ("append(attributes[\"things\"], \"y\")", "attributes[\"things\"]", "[2,1,\"x\",\"y\"]"),
    ("append(attributes[\"flags\"], values = [1, true])", "attributes[\"flags\"]", "[\"A|B|C\",1,true]"),
    ("append(attributes[\"new\"], \"y\", [\"z\"])", "attributes[\"new\"]", "[\"y\",\"z\"]"),
    (
        "append(attributes[\"new\"])",
        "body",
        "compile: couldn't create function: at least one of the optional arguments ('value' or 'values') must be provided (at 1:1)",
    ),
    ("delete_index(attributes[\"things\"], 0)", "attributes[\"things\"]", "[1,\"x\"]"),
    ("delete_index(attributes[\"things\"], 0, 3)", "attributes[\"things\"]", "[]"),
    ("delete_index(attributes[\"things\"], 1, 1)", "attributes[\"things\"]", "[2,1,\"x\"]"),
    (
        "delete_index(attributes[\"things\"], 3)",
        "body",
        "run: startIndex 3 out of bounds for slice of length 3",
    ),
    (
        "delete_index(attributes[\"things\"], 2, 4)",
        "body",
        "run: deletion range [2:4] out of bounds for slice of length 3",
    ),
    (
        "delete_index(attributes[\"things\"], 2, 1)",
        "body",
        "run: endIndex 1 cannot be less than startIndex 2",
    ),
    ("delete_key(attributes[\"foo\"], \"bar\")", "Keys(attributes[\"foo\"])", "[\"slice\",\"nested\"]"),
    ("delete_key(attributes[\"foo\"][\"nested\"], \"test\")", "attributes[\"foo\"][\"nested\"]", "{}"),
    ("delete_key(attributes[\"missing\"], \"test\")", "body", "run: expected pcommon.Map but got nil"),
    ("delete_key(body, \"test\")", "body", "run: expected pcommon.Map but got string"),
    ("delete_key(resource.attributes, \"host.name\")", "resource.attributes", "{\"A|B|C\":\"newValue\"}"),
    (
        "delete_matching_keys(attributes, \"^(http|f)|[eo]\")",
        "Keys(attributes)",
        "[\"half\",\"raw\",\"things\"]",
    ),
    (
        "keep_matching_keys(attributes, \"http\")",
        "Keys(attributes)",
        "[\"http.method\",\"http.path\",\"http.url\"]",
    ),
    (
        "keep_keys(attributes, [\"half\", \"http.url\", Concat([\"t\", \"otal\"], \"\")])",
        "Keys(attributes)",
        "[\"http.url\",\"total\",\"half\"]",
    ),
    ("limit(attributes, 2, [\"yes\"])", "Keys(attributes)", "[\"http.method\",\"yes\"]"),
    ("limit(attributes, 100, [])", "Len(attributes)", "11"),
    (
        "limit(attributes, 1, [\"a\", \"b\"])",
        "body",
        "compile: couldn't create function: invalid limit for limit function, 1 cannot be less than number of priority attributes 2 (at 1:1)",
    ),
    (
        "limit(attributes, -1, [])",
        "body",
        "compile: error while parsing arguments for call to \"limit\": invalid argument at position 1: must be an int (at 1:19)",
    ),
    (
        "merge_maps(attributes[\"foo\"], {\"bar\": 1, \"new\": 2}, \"insert\")",
        FOO,
        "{\"bar\":\"pass\",\"nested\":{\"test\":\"pass\"},\"new\":2,\"slice\":[\"val\",2]}",
    ),
    (
        "merge_maps(attributes[\"foo\"], {\"bar\": 1, \"new\": 2}, \"update\")",
        FOO,
        "{\"bar\":1,\"nested\":{\"test\":\"pass\"},\"slice\":[\"val\",2]}",
    ),
    ("merge_maps(cache, ParseJSON(\"{\\\"a\\\":1}\"), \"upsert\")", "cache", "{\"a\":1}"),
    (
        "merge_maps(attributes, {}, \"x\")",
        "body",
        "compile: couldn't create function: invalid value for strategy, x, must be 'insert', 'update' or 'upsert' (at 1:1)",
    ),
    (
        "truncate_all(resource.attributes, 4)",
        "resource.attributes",
        "{\"A|B|C\":\"newV\",\"host.name\":\"loca\"}",
    ),
    (
        "truncate_all(resource.attributes, 5, truncation_marker = \"...\")",
        "resource.attributes",
        "{\"A|B|C\":\"ne...\",\"host.name\":\"lo...\"}",
    ),
    (
        "truncate_all(attributes, 1, true, \"...\")",
        "body",
        "compile: couldn't create function: invalid truncation marker for truncate_all function, length of marker 3 cannot be greater than limit 1 (at 1:1)",
    ),
    (
        "stringify_all(attributes)",
        "[attributes[\"total\"], attributes[\"half\"], attributes[\"yes\"], attributes[\"raw\"], attributes[\"nothing\"], attributes[\"things\"]]",
        "[\"123456789\",\"0.5\",\"true\",\"AQI=\",\"\",\"[2,1,\\\"x\\\"]\"]",
    ),
    (
        "flatten(attributes[\"foo\"])",
        FOO,
        "{\"bar\":\"pass\",\"nested.test\":\"pass\",\"slice.0\":\"val\",\"slice.1\":2}",
    ),
    (
        "flatten(attributes[\"foo\"], \"p\", depth = 1)",
        FOO,
        "{\"p.bar\":\"pass\",\"p.nested.test\":\"pass\",\"p.slice.0\":\"val\",\"p.slice.1\":2}",
    ),
    (
        "flatten(attributes[\"foo\"], resolve_conflicts = true)",
        FOO,
        "{\"bar\":\"pass\",\"nested.test\":\"pass\",\"slice\":\"val\",\"slice.0\":2}",
    ),
    (
        "flatten(attributes[\"foo\"], depth = 0)",
        FOO,
        "compile: couldn't create function: invalid depth '0' for flatten function, must be greater than 0 (at 1:1)",
    ),
    ("replace_pattern(body, \"operation(.)\", \"op-$1\")", "body", "\"op-A\""),
    ("replace_pattern(body, \"operation(?P<x>.)\", \"${x}$$\")", "body", "\"A$\""),
    (
        "replace_pattern(body, \"[aeiou]\", \"<$0>\", ToUpperCase, \"(%s)\")",
        "body",
        "\"(<O>)p(<E>)r(<A>)t(<I>)(<O>)nA\"",
    ),
    (
        "replace_pattern(body, \"A\", \"b\", ToUpperCase, \"%d\")",
        "body",
        "run: replacementFormat must be format string containing a single %s and no other format specifiers",
    ),
    (
        "replace_pattern(body, \"A\", \"b\", Substring)",
        "body",
        "compile: couldn't create function: incorrect number of arguments. Expected: 4 Received: 1 (at 1:1)",
    ),
    (
        "replace_pattern(body, \"A\", \"b\", Nope)",
        "body",
        "compile: error while parsing arguments for call to \"replace_pattern\": invalid argument at position 3: undefined function Nope (at 1:33)",
    ),
    ("replace_pattern(attributes[\"missing\"], \"a\", \"b\")", "body", "\"operationA\""),
    (
        "replace_all_patterns(resource.attributes, \"value\", \"[aeou]\", \"_\")",
        "resource.attributes",
        "{\"A|B|C\":\"n_wV_l__\",\"host.name\":\"l_c_lh_st\"}",
    ),
    (
        "replace_all_patterns(resource.attributes, \"key\", \"\\\\|\", \"-\")",
        "resource.attributes",
        "{\"A-B-C\":\"newValue\",\"host.name\":\"localhost\"}",
    ),
    (
        "replace_all_patterns(resource.attributes, \"key\", \".*\", \"k\")",
        "resource.attributes",
        "{\"k\":\"newValue\"}",
    ),
    (
        "replace_all_patterns(attributes, \"all\", \"a\", \"b\")",
        "body",
        "compile: couldn't create function: invalid mode all, must be either 'key' or 'value' (at 1:1)",
    ),
    ("replace_match(attributes[\"http.path\"], \"*/*\", \"test\")", "attributes[\"http.path\"]", "\"test\""),
    ("replace_match(body, \"oper*B\", \"test\")", "body", "\"operationA\""),
    (
        "replace_all_matches(resource.attributes, \"*a*\", \"x\", ToUpperCase)",
        "resource.attributes",
        "{\"A|B|C\":\"X\",\"host.name\":\"X\"}",
    ),
    (
        "replace_all_matches(attributes, Concat([\"[\"], \"\"), \"x\")",
        "body",
        "run: the regex pattern supplied to replace_all_matches '\"[\"' is not a valid pattern: unexpected end of input",
    ),
    ("set_(body, 1)", "body", "compile: undefined function \"set_\", did you mean \"set\"? (at 1:1)"),
    (
        "set(body, () => 1)",
        "body",
        "compile: lambda expression arguments require the `ottl.functions.enableLambda` feature gate to be enabled (at 1:11)",
    ),
];

#[test]
fn converters() {
    let mut wrong = Vec::new();
    for (source, want) in CONVERTERS.iter().copied() {
        let got = value_of(Kind::Log, source);
        if got != want {
            wrong.push(format!("{source}: {got}, not {want}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let now = value_of(Kind::Log, "UnixNano(Now())").parse::<i64>().unwrap();
    assert!(now > 1_600_000_000_000_000_000);
}

#[test]
fn editors() {
    let mut wrong = Vec::new();
    for (statement, expression, want) in EDITORS.iter().copied() {
        let got = after(Kind::Log, statement, expression);
        if got != want {
            wrong.push(format!("{statement}: {got}, not {want}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn spans_have_more() {
    assert_eq!(value_of(Kind::Span, "IsRootSpan()"), "false");
    assert_eq!(after(Kind::Span, "set(parent_span_id.string, \"0000000000000000\")", "IsRootSpan()"), "true");
}
