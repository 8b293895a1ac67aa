//! The house keeps its rules: ranks of imports, places of `cfg`, sizes of files, and texts that name what exists.
//!
//! Everything is read from the sources and from `docs/architecture.md`; nothing here needs the crate.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Lines that a file of `src` may have at most.
const MAX_LINES: usize = 400;
/// Where `cfg` of platform or feature may stand (rule C).
const CFG_FILES: [&str; 4] = ["src/lib.rs", "src/main.rs", "src/device.rs", "src/kernel/wide.rs"];

#[test]
fn imports_point_down_or_left_in_the_table_of_ranks() {
    let ranks = ranks();
    let mut wrong = Vec::new();
    for file in rust_sources() {
        let Some(module) = top_module(&file) else { continue }; // lib.rs only declares
        let Some(&own) = ranks.get(&module) else {
            wrong.push(format!("{file}: module `{module}` is in no row of the table of ranks in docs/architecture.md; add it there"));
            continue;
        };
        for import in imports(&code(&read(&file)), depth(&file), &ranks) {
            match ranks.get(&import) {
                _ if import == module => {}
                None => wrong.push(format!("{file}: `crate::{import}` is in no row of the table of ranks; add it, or import it by its module's path")),
                Some(&other) if other >= own => wrong.push(format!(
                    "{file}: `{module}` (rank {}) may not import `{import}` (rank {}), which is no lower and stands no further left in its row; \
                     move the shared part down, or pass it in from above",
                    own.0, other.0
                )),
                Some(_) => {}
            }
        }
    }
    assert_nothing(wrong);
}

#[test]
fn every_module_in_the_table_of_ranks_exists() {
    let sources: BTreeSet<String> = rust_sources().iter().filter_map(|file| top_module(file)).collect();
    let gone = ranks().into_keys().filter(|module| !sources.contains(module));
    assert_nothing(
        gone.map(|module| format!("docs/architecture.md: the table of ranks names `{module}`, which src does not have; remove it")),
    );
}

#[test]
fn cfg_of_platform_and_feature_stands_in_four_files_only() {
    let knows_where_it_runs = |cfg: &String| ["target_", "feature"].iter().any(|word| cfg.contains(word));
    let wrong = rust_sources().into_iter().filter(|file| !CFG_FILES.contains(&file.as_str())).flat_map(|file| {
        let found: Vec<String> = cfgs(&code(&read(&file))).into_iter().filter(knows_where_it_runs).collect();
        found.into_iter().map(move |cfg| format!("{file}: `{cfg}` belongs into one of {CFG_FILES:?}; ask `device` instead (rule C)"))
    });
    assert_nothing(wrong);
}

#[test]
fn no_source_file_is_longer_than_it_should_be() {
    let too_long = rust_sources().into_iter().filter_map(|file| {
        let lines = read(&file).lines().count();
        (lines > MAX_LINES).then(|| format!("{file}: {lines} lines, more than {MAX_LINES}; split it by concept"))
    });
    assert_nothing(too_long);
}

#[test]
fn no_device_is_taken_by_default() {
    let wrong = rust_sources().into_iter().filter(|file| code(&read(file)).contains("Device::default()"));
    assert_nothing(
        wrong.map(|file| format!("{file}: `Device::default()` prefers a GPU and panics in a page; take the device from `device::open`")),
    );
}

#[test]
fn the_ban_list_for_wasm_holds_the_native_one() {
    let entries = |file: &str| -> BTreeSet<String> {
        read(file).lines().map(str::trim).filter(|line| line.starts_with("{ path")).map(Into::into).collect()
    };
    let (native, wasm) = (entries(".clippy/native/clippy.toml"), entries(".clippy/wasm/clippy.toml"));
    assert!(native.len() > 10, "the native ban list was not read: {native:?}");
    assert_nothing(
        native.difference(&wasm).map(|entry| format!(".clippy/wasm/clippy.toml lacks an entry of the native list; copy it: {entry}")),
    );
}

#[test]
fn the_readme_shows_the_tree_as_it_is() {
    let shown = readme_tree(&read("README.md"));
    assert!(shown.len() > 20, "the README's tree was not found: a ```text block whose first line is `sparring/`");
    let absent = shown
        .iter()
        .filter(|path| !root().join(path).exists())
        .map(|path| format!("README.md: the tree names {path}, which does not exist; mend the tree"));
    let top: BTreeSet<String> = repository_files().iter().filter_map(|file| file.split('/').next()).map(Into::into).collect();
    let unnamed =
        top.into_iter().filter(|entry| !shown.contains(entry)).map(|entry| format!("README.md: the tree lacks {entry}; add a line"));
    assert_nothing(absent.chain(unnamed));
}

#[test]
fn the_readme_shows_the_pytorch_loader_that_is_tested() {
    let loader = read("tests/fixtures/mnist_generator.py");
    assert!(loader.lines().count() <= 40, "the loader is to fit into 40 lines");
    assert!(
        read("README.md").contains(&format!("```python\n{loader}```")),
        "README.md: copy tests/fixtures/mnist_generator.py into its section on PyTorch"
    );
}

#[test]
fn the_metrics_show_the_loader_of_classifiers_that_is_tested() {
    let loader = read("tests/fixtures/lenet.py");
    assert!(
        read("docs/metrics.md").contains(&format!("```python\n{loader}```")),
        "docs/metrics.md: copy tests/fixtures/lenet.py into its section on the networks"
    );
}

#[test]
fn links_between_documents_lead_somewhere() {
    let documents = repository_files().into_iter().filter(|file| file.ends_with(".md"));
    let broken = documents.flat_map(|file| {
        let folder = Path::new(&file).parent().map(Path::to_path_buf).unwrap_or_default();
        let text = read(&file);
        let targets: Vec<String> = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#', ' ']).next()).map(Into::into).collect();
        let local = targets.into_iter().filter(|target| !target.is_empty() && !target.contains("://"));
        let gone: Vec<String> = local.filter(|target| !root().join(&folder).join(target).exists()).collect();
        gone.into_iter().map(move |target| format!("{file}: links to {target}, which does not exist"))
    });
    assert_nothing(broken);
}

#[test]
fn no_file_names_a_path_of_one_machine() {
    let machine_paths = [concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/tm", "p/"), concat!("/Us", "ers/")];
    let wrong = repository_files().into_iter().flat_map(|file| {
        let text = std::fs::read_to_string(root().join(&file)).unwrap_or_default(); // a file that is not text names nothing
        let begins = |place: usize| !text[..place].ends_with(|before: char| before.is_alphanumeric() || "./-_$}".contains(before));
        let found: Vec<&str> = machine_paths.into_iter().filter(|path| text.match_indices(path).any(|(place, _)| begins(place))).collect();
        found
            .into_iter()
            .map(|path| format!("{file}: holds {path}, a path of one machine; make it relative or a setting"))
            .collect::<Vec<_>>()
    });
    assert_nothing(wrong);
}

#[test]
fn lock_files_name_the_public_registries_only() {
    let sources = [
        ("Cargo.lock", "source = \"", "registry+https://github.com/rust-lang/crates.io-index"),
        ("www/package-lock.json", "\"resolved\": \"", "https://registry.npmjs.org/"),
    ];
    let foreign = sources.into_iter().flat_map(|(file, key, public)| {
        let lines: Vec<String> = read(file)
            .lines()
            .filter_map(|line| line.trim().strip_prefix(key))
            .filter(|from| !from.starts_with(public))
            .map(Into::into)
            .collect();
        lines.into_iter().map(move |from| format!("{file}: a package comes from {from}; lock it against {public}"))
    });
    assert_nothing(foreign);
}

/// Fails with one complaint a line.
fn assert_nothing(complaints: impl IntoIterator<Item = String>) {
    let complaints: Vec<String> = complaints.into_iter().collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Files that are in the repository or would be added to it.
fn repository_files() -> Vec<String> {
    let output = Command::new("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]).current_dir(root()).output();
    let output = output.expect("git is needed to list the repository's files");
    assert!(output.status.success(), "git ls-files failed; run the tests in a clone: {}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).expect("file names are UTF-8");
    listed.lines().filter(|file| root().join(file).exists()).map(Into::into).collect()
}

/// All Rust files of `src`, as paths from the root.
fn rust_sources() -> Vec<String> {
    let mut folders = vec![root().join("src")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("a folder of src can be read") {
            let path = entry.expect("an entry of src can be read").path();
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(extension) if extension == "rs" => {
                    files.push(path.strip_prefix(root()).expect("src is below the root").to_string_lossy().into_owned())
                }
                _ => {}
            }
        }
    }
    files.sort();
    assert!(files.len() > 10, "src was not found: {files:?}");
    files
}

/// `src/nn/dual.rs` → `nn`; `src/main.rs` → `main`; nothing for `src/lib.rs`.
fn top_module(file: &str) -> Option<String> {
    let first = file.strip_prefix("src/")?.split('/').next()?.trim_end_matches(".rs");
    (first != "lib").then(|| first.to_string())
}

/// How many `super` lead from a file's module to the crate's root.
fn depth(file: &str) -> usize {
    let inner = file.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    if inner == "main" { 0 } else { inner.split('/').count() }
}

/// The table of ranks of the house.
fn ranks() -> BTreeMap<String, (u32, usize)> {
    let ranks = ranks_of(&read("docs/architecture.md"));
    assert!(ranks.len() > 10, "the table of ranks was not found in docs/architecture.md");
    ranks
}

/// Module → (rank, place in the row), from the table with the heading `| rank | modules |`.
fn ranks_of(document: &str) -> BTreeMap<String, (u32, usize)> {
    let rows = document.lines().skip_while(|line| !line.starts_with("| rank | modules |")).skip(2).take_while(|line| line.starts_with('|'));
    let mut ranks = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let rank = cells[1].parse().unwrap_or_else(|_| panic!("docs/architecture.md: `{}` is no rank in the row {row}", cells[1]));
        for (place, module) in cells[2].split('`').skip(1).step_by(2).enumerate() {
            let earlier = ranks.insert(module.trim_end_matches('/').to_string(), (rank, place));
            assert!(earlier.is_none(), "docs/architecture.md: `{module}` stands twice in the table of ranks");
        }
    }
    ranks
}

/// The code of a file without comments and string literals, so that texts about code are not taken for code.
fn code(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            'r' if raw_string(rest).is_some() && !kept.ends_with(|before: char| before.is_alphanumeric() || before == '_') => {
                raw_string(rest).unwrap_or(1)
            }
            '"' => string(rest),
            '\'' if rest.starts_with("'\"'") => 3,
            '\'' if rest.starts_with("'\\") => rest[2..].find('\'').map_or(rest.len(), |end| end + 3),
            _ => 0,
        };
        if skipped == 0 {
            kept.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            kept.push(' ');
            rest = &rest[skipped..];
        }
    }
    kept
}

/// Length of the string literal that `rest` begins with.
fn string(rest: &str) -> usize {
    let mut escaped = false;
    for (place, character) in rest.char_indices().skip(1) {
        match character {
            '"' if !escaped => return place + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// Length of the raw string literal that `rest` begins with, if it does.
fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let body = after[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    Some(body.find(&close).map_or(rest.len(), |end| 2 + hashes + end + close.len()))
}

/// The top-level modules that a file reaches through `crate::…`, or by climbing to the root with `super::…` to one of the `known` ones.
fn imports(code: &str, depth: usize, known: &BTreeMap<String, (u32, usize)>) -> BTreeSet<String> {
    let squeezed = code.split_whitespace().collect::<Vec<_>>().join(" ").replace(" ::", "::").replace(":: ", "::").replace("{ ", "{");
    let reached = |root: &str| -> Vec<String> {
        let begins = |place: usize| !squeezed[..place].ends_with(|before: char| before.is_alphanumeric() || "_$:".contains(before));
        let places = squeezed.match_indices(root).filter(|&(place, _)| begins(place));
        places.flat_map(|(place, _)| first_names(&squeezed[place + root.len()..])).collect()
    };
    // A file's inline tests stand one `super` deeper than the file; what is climbed to may also be an item of the file itself.
    let climbed = [depth, depth + 1].map(|climbs| reached(&"super::".repeat(climbs.max(1)))).concat();
    reached("crate::").into_iter().chain(climbed.into_iter().filter(|name| known.contains_key(name))).collect()
}

/// `data::x` → data; `{data::x, config::{y, z}}` → data, config.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| -> String { text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let Some(group) = path.strip_prefix('{') else { return vec![name(path)] };
    let (mut level, mut start, mut names) = (0, 0, Vec::new());
    for (place, character) in group.char_indices() {
        match character {
            '{' => level += 1,
            ',' | '}' if level == 0 => {
                names.push(name(&group[start..place]));
                start = place + 1;
                if character == '}' {
                    break;
                }
            }
            '}' => level -= 1,
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty() && name != "self");
    names
}

/// Each `cfg(…)`, `cfg!(…)` and `cfg_attr(…)` with what stands in its parentheses.
fn cfgs(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for opening in ["cfg(", "cfg!(", "cfg_attr("] {
        for (place, _) in code.match_indices(opening) {
            let mut level = 0;
            let end = code[place..].find(|character| {
                level += i32::from(character == '(') - i32::from(character == ')');
                character == ')' && level == 0
            });
            found.push(code[place..].chars().take(end.map_or(usize::MAX, |end| end + 1)).collect());
        }
    }
    found
}

/// The paths of the README's tree: a fenced block that begins with `sparring/`, two spaces of indent a level, the path before the first double space.
fn readme_tree(readme: &str) -> BTreeSet<String> {
    let mut folders: Vec<String> = Vec::new();
    let mut paths = BTreeSet::new();
    for line in readme.lines().skip_while(|line| line.trim() != "sparring/").skip(1).take_while(|line| !line.starts_with("```")) {
        let level = (line.len() - line.trim_start().len()) / 2;
        let names = line.trim_start().split("  ").next().unwrap_or_default();
        folders.truncate(level.saturating_sub(1));
        for name in names.split(", ").filter(|name| !name.is_empty()) {
            paths.insert(folders.iter().map(String::as_str).chain([name.trim_end_matches('/')]).collect::<Vec<_>>().join("/"));
        }
        if names.ends_with('/') {
            folders.push(names.trim_end_matches('/').to_string());
        }
    }
    paths
}

#[test]
fn the_readers_of_this_file_read_what_they_should() {
    let rust = "use crate::{a::B, c::{d, e}};\n// use crate::no;\nlet x = \"crate::no \\\" \" ; crate :: f::g();\nuse super::super::h::I;\nlet q = '\"'; crate::j!(r#\"crate::no\"#);";
    let found: Vec<String> = imports(&code(rust), 1, &ranks_of("| rank | modules |\n|---|\n| 1 | `h` |")).into_iter().collect();
    assert_eq!(found, ["a", "c", "f", "h", "j"]);
    assert_eq!(cfgs("#[cfg(all(test, not(unix)))] if cfg!(feature = ) {}"), ["cfg(all(test, not(unix)))", "cfg!(feature = )"]);
    let table = "| rank | modules | x |\n|---|---|---|\n| 2 | `m/` | x |\n| 1 | `a`, `b` | x |\n\n| 3 | `no` | x |";
    let rank = |module: &str| ranks_of(table).get(module).copied();
    assert!(rank("m") > rank("b") && rank("b") > rank("a") && rank("no").is_none());
    let tree = readme_tree("```text\nsparring/\n  a/   first\n    b.rs, c.rs  two\n  d    last\n```\n  e");
    assert_eq!(tree.into_iter().collect::<Vec<_>>(), ["a", "a/b.rs", "a/c.rs", "d"]);
}
