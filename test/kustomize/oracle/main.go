// The library of kustomize that Flux builds with, as a process that answers one line of JSON for each line of JSON it reads.
// For whoever works on the builder: ten times faster than a kubectl per tree, and the version that Flux has. Build it where Go is, outside
// of this repository:
//
//	mkdir /tmp/oracle && cp main.go /tmp/oracle && cd /tmp/oracle && go mod init oracle &&
//	go get sigs.k8s.io/kustomize/api@v0.21.1 sigs.k8s.io/kustomize/kyaml@v0.21.1 github.com/fluxcd/pkg/kustomize@v1.35.6 && go build -o oracle .
//
// and give it to `npm run test:kustomize -- --oracle /tmp/oracle/oracle` and `node test/kustomize/record.ts --oracle /tmp/oracle/oracle`.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	securefs "github.com/fluxcd/pkg/kustomize/filesys"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/openapi"
)

type In struct {
	Files    map[string]string `json:"files"`
	Base64   map[string][]byte `json:"base64"`
	Links    map[string]string `json:"links"`
	Path     string            `json:"path"`
	Restrict string            `json:"restrict"` // tree | folder
	Sort     string            `json:"sort"`     // legacy | none
	Shown    string            `json:"shown"`
}

func build(in In, root string) (out string, errText string) {
	defer func() {
		if r := recover(); r != nil {
			errText = fmt.Sprintf("panic: %v", r)
		}
	}()
	openapi.ResetOpenAPI()
	// As fluxcd/pkg/kustomize does, for a schema file is added to what is known then.
	if hasOpenAPI(in) {
		_ = openapi.Schema()
	}
	os.RemoveAll(root)
	defer os.RemoveAll(root)
	os.MkdirAll(root, 0o755)
	write := func(p string, c []byte) error {
		full := filepath.Join(root, p)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return err
		}
		return os.WriteFile(full, c, 0o644)
	}
	for p, c := range in.Files {
		if err := write(p, []byte(c)); err != nil {
			return "", "harness: " + err.Error()
		}
	}
	for p, c := range in.Base64 {
		if err := write(p, c); err != nil {
			return "", "harness: " + err.Error()
		}
	}
	for p, c := range in.Links {
		full := filepath.Join(root, p)
		os.MkdirAll(filepath.Dir(full), 0o755)
		if strings.HasPrefix(c, in.Shown) { c = root + strings.TrimPrefix(c, in.Shown) }
		if err := os.Symlink(c, full); err != nil {
			return "", "harness: " + err.Error()
		}
	}
	fs, err := securefs.MakeFsOnDiskSecureBuild(root)
	if err != nil {
		return "", "harness: " + err.Error()
	}
	o := krusty.MakeDefaultOptions()
	if in.Restrict == "tree" {
		o.LoadRestrictions = types.LoadRestrictionsNone
	} else {
		o.LoadRestrictions = types.LoadRestrictionsRootOnly
	}
	if in.Sort == "legacy" {
		o.Reorder = krusty.ReorderOptionLegacy
	} else {
		o.Reorder = krusty.ReorderOptionNone
	}
	m, err := krusty.MakeKustomizer(o).Run(fs, filepath.Join(root, in.Path))
	if err != nil {
		return "", err.Error()
	}
	y, err := m.AsYaml()
	if err != nil {
		return "", err.Error()
	}
	return string(y), ""
}

func main() {
	root := fmt.Sprintf("%s/golden-%07d/t", os.TempDir(), os.Getpid())
	defer os.RemoveAll(filepath.Dir(root))
	enc := json.NewEncoder(os.Stdout)
	enc.SetEscapeHTML(false)
	dec := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	for {
		var in In
		if err := dec.Decode(&in); err != nil {
			return
		}
		y, e := build(in, root)
		enc.Encode(map[string]string{"yaml": strings.ReplaceAll(y, root, in.Shown), "error": strings.ReplaceAll(e, root, in.Shown)})
	}
}

// Without the field, loading the schema when it is needed comes to the same, and costs less.
func hasOpenAPI(in In) bool {
	for _, c := range in.Files {
		if strings.Contains(strings.ToLower(c), "openapi") {
			return true
		}
	}
	return false
}
