// Go's own text/template as a process that answers one line of JSON for each line of JSON it reads: thousands of templates in a second, with functions
// of every signature that decides words of errors. Helm 4.2.2 is built with Go 1.26, whose words these are. test/helm/template/with-go.ts builds and asks it.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/template"
)

type testCase struct {
	Files      [][2]string `json:"files"`
	Main       string      `json:"main"`
	Data       any         `json:"data"`
	MissingKey string      `json:"missingKey"`
}
type answer struct {
	Out *string `json:"out,omitempty"`
	Err *string `json:"err,omitempty"`
}

type Values map[string]any

func (v Values) AsMap() map[string]any          { return v }
func (v Values) Table(name string) (any, error) { return nil, errors.New("no table " + name) }

type point struct {
	X     int
	Label string
	Any   any
}

func (p point) Sum(a int, b ...int) int {
	n := p.X + a
	for _, x := range b {
		n += x
	}
	return n
}
func (p *point) Name() string { return "point " + p.Label }

type span int64

func (s span) String() string { return fmt.Sprint(int64(s)) + "ns" }

type version struct{ Major, Minor string }

func (v version) String() string { return "v" + v.Major + "." + v.Minor }

func funcs(t *template.Template) template.FuncMap {
	return template.FuncMap{
		"include": func(name string, data any) (string, error) {
			var b strings.Builder
			err := t.ExecuteTemplate(&b, name, data)
			return b.String(), err
		},
		"upper": strings.ToUpper,
		"list":  func(v ...any) []any { return v },
		"strs":  func(v ...string) []string { return v },
		"dict": func(v ...any) map[string]any {
			m := map[string]any{}
			for i := 0; i+1 < len(v); i += 2 {
				m[fmt.Sprint(v[i])] = v[i+1]
			}
			return m
		},
		"smap": func(v ...string) map[string]string {
			m := map[string]string{}
			for i := 0; i+1 < len(v); i += 2 {
				m[v[i]] = v[i+1]
			}
			return m
		},
		"same":      func(v any) any { return v },
		"int8":      func(v int) int8 { return int8(v) },
		"int64":     func(v int64) int64 { return v },
		"uint8":     func(v int) uint8 { return uint8(v) },
		"uint64":    func(v int) uint64 { return uint64(v) },
		"float":     func(v float64) float64 { return v },
		"bytes":     func(v string) []byte { return []byte(v) },
		"nilmap":    func() map[string]any { return nil },
		"nillist":   func() []any { return nil },
		"nilstrs":   func() []string { return nil },
		"nilany":    func() any { return nil },
		"values":    func(m map[string]any) Values { return m },
		"point":     func(x int, l string) point { return point{x, l, nil} },
		"pointer":   func(x int, l string) *point { return &point{x, l, nil} },
		"nilpoint":  func() *point { return nil },
		"version":   func() version { return version{"1", "35"} },
		"duration":  func(n int64) span { return span(n) },
		"fails":     func(s string) (string, error) { return "", errors.New(s) },
		"panics":    func(s string) string { panic(s) },
		"wantbool":  func(v bool) string { return fmt.Sprint(v) },
		"wantint":   func(v int) string { return fmt.Sprint(v) },
		"wantint64": func(v int64) string { return fmt.Sprint(v) },
		"wantuint8": func(v uint8) string { return fmt.Sprint(v) },
		"wantfloat": func(v float64) string { return fmt.Sprint(v) },
		"wantstr":   func(v string) string { return v },
		"wantmap":   func(v map[string]any) string { return fmt.Sprint(v == nil, len(v)) },
		"wantlist":  func(v []any) string { return fmt.Sprint(v == nil, len(v)) },
		"wantstrs":  func(v []string) string { return fmt.Sprint(v == nil, len(v)) },
		"wantpoint": func(v point) string { return v.Label },
		"wantptr":   func(v *point) string { return fmt.Sprint(v == nil) },
		"two":       func(a string, b int) string { return fmt.Sprint(a, b) },
		"many":      func(a string, b ...int) string { return fmt.Sprint(a, b) },
	}
}

func run(c testCase) (a answer) {
	fail := func(err error) answer { s := err.Error(); return answer{Err: &s} }
	t := template.New("gotpl").Option("missingkey=" + c.MissingKey)
	t.Funcs(funcs(t))
	for _, f := range c.Files {
		if _, err := t.New(f[0]).Parse(f[1]); err != nil {
			return fail(err)
		}
	}
	var b strings.Builder
	if err := t.ExecuteTemplate(&b, c.Main, c.Data); err != nil {
		return fail(err)
	}
	s := b.String()
	return answer{Out: &s}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<26)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		var c testCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			panic(err)
		}
		out.Encode(run(c))
	}
}
