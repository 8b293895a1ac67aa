#!/usr/bin/env bash
# The only entrance: builds, tests and serves sparring. How and why: docs/building.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'HELP'
Usage: ./build.sh [COMMAND]

  (none)       builds everything from nothing and serves the page on http://127.0.0.1:8080
  test         runs every check and every test, from nothing
  web          builds the page into dist/
  native       builds the native program
  serve        serves the page as it was built last
  check        formatting, clippy and the page's types: the quick look before a commit
  bench        measures speed beside TensorFlow.js and PyTorch, into benches/results/ and docs/benchmarks.md
  clean        removes dist/ and what was generated or installed in www/
  clean --all  also removes the target directory with all compiled dependencies

Environment
  CARGO_TARGET_DIR  where compiled files go (default: target/); tools and logs lie beside it
  CHROMIUM          the browser for the tests (default: chromium or google-chrome in PATH)
  CHROMEDRIVER      its driver (default: chromedriver in PATH)
  SPARRING_DATA     for bench: a folder that holds mnist/; without it image rates are left out
  PYTHON            for bench: a Python with PyTorch (default: python3); without PyTorch it is left out
  SPARRING_WASM     `rustup` or `debian`: which toolchain builds for the browser (default: whichever is there, rustup first)
HELP
}

# ---------------------------------------------------------------- words

say() { printf '%s\n' "$*"; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

PHASES=()

# phase NAME COMMAND…: runs a command in a shell of its own, shows and keeps its output, and stops everything if it fails.
phase() {
  local name=$1 begun=$SECONDS status
  local log="$LOGS/${name//[^a-zA-Z0-9]/-}.log"
  shift
  say "▸ $name"
  set +e
  (set -e; "$@") 2>&1 </dev/null | tee "$log"
  status=${PIPESTATUS[0]}
  set -e
  local took="$((SECONDS - begun)) s"
  [ "$status" -eq 0 ] || die "phase \`$name\` failed after $took; its output is in $log"
  say "  $name: $took"
  PHASES+=("$(printf '%-34s %8s' "$name" "$took")")
}

summary() {
  say ''
  printf '  %s\n' "${PHASES[@]}"
  say "✓ $1 in $((SECONDS / 60)) min $((SECONDS % 60)) s"
}

# ---------------------------------------------------------------- what is needed

# system_packages REASON PACKAGE…: installs Debian packages as root; otherwise says what to install and stops.
system_packages() {
  local reason=$1
  shift
  have apt-get || die "$reason: install what Debian calls \`$*\` and run this again"
  [ "$(id -u)" -eq 0 ] || die "$reason: run \`sudo apt-get install -y --no-install-recommends $*\` and this again"
  say "$reason: installing the system packages $*"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq || die "apt-get update failed: is there a network?"
  apt-get install -y -qq --no-install-recommends "$@" || die "apt-get could not install $*: is there a network?"
}

# at_least WANTED VERSION
at_least() { [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

find_cargo() {
  local wanted version
  have cargo || PATH="$HOME/.cargo/bin:$PATH"
  have cargo || die "cargo is missing: install Rust from https://rustup.rs and run this again"
  wanted=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
  version=$(rustc --version | cut -d ' ' -f 2)
  at_least "$wanted" "$version" || die "Rust $wanted or newer is needed, this is $version: run \`rustup update stable\`"
}

fetch_crates() {
  cargo fetch --locked || die "the crates of Cargo.lock could not be fetched: is there a network, and does Cargo.lock fit Cargo.toml?"
}

check_node() {
  if ! have node || ! have npm; then die 'Node.js is missing: install version 20 or newer, with npm, from https://nodejs.org'; fi
  local wanted version
  wanted=$(node -p "require('./www/package.json').engines.node.replace('>=', '')")
  version=$(node --version)
  at_least "$wanted" "${version#v}" || die "Node.js $wanted or newer is needed, this is $version: install a newer one from https://nodejs.org"
  say "Node.js $version, npm $(npm --version)"
}

install_page() {
  local stamp=www/node_modules/.installed-package-lock.json
  if cmp -s www/package-lock.json "$stamp"; then
    say 'the packages of www/package-lock.json are installed'
    return
  fi
  npm --prefix www ci --no-audit --no-fund || die 'the packages of www/package-lock.json could not be installed: is there a network?'
  cp www/package-lock.json "$stamp"
}

find_chromium() {
  local browser driver
  browser=$(chromium_path)
  driver=$(chromedriver_path)
  if [ -z "$browser" ] || [ -z "$driver" ]; then
    system_packages 'the tests need Chromium and its driver' chromium chromium-driver
    browser=$(chromium_path)
    driver=$(chromedriver_path)
  fi
  [ -n "$browser" ] && [ -n "$driver" ] || die 'Chromium or chromedriver was not found: set CHROMIUM and CHROMEDRIVER'
  "$browser" --version
  "$driver" --version
}

find_mpi() {
  if ! have mpirun || ! have mpicc || ! has_libclang; then
    system_packages 'several processes that train one game need MPI' openmpi-bin libopenmpi-dev libclang-dev
  fi
  mpirun --version | head -n 1
}

# bindgen reads MPI's header with it.
has_libclang() { [ -n "${LIBCLANG_PATH:-}" ] || compgen -G '/usr/lib*/llvm*/lib/libclang[-.][0-9s]*' >/dev/null || compgen -G '/usr/lib/*/libclang[-.][0-9s]*' >/dev/null; }

first_of() {
  local candidate
  for candidate in "$@"; do
    if have "$candidate"; then command -v "$candidate"; return; fi
  done
}

chromium_path() { first_of ${CHROMIUM:+"$CHROMIUM"} chromium chromium-browser google-chrome; }
chromedriver_path() { first_of ${CHROMEDRIVER:+"$CHROMEDRIVER"} chromedriver; }

# ---------------------------------------------------------------- the toolchain for wasm

WASM=wasm32-unknown-unknown

rustup_ready() { [ -d "$(rustc --print target-libdir --target "$WASM" 2>/dev/null)" ]; }
debian_ready() { [ -e /usr/bin/rust-lld ] && [ -x /usr/bin/cargo-clippy ] && dpkg -s rustc-web rust-web-src rust-web-llvm rust-web-clippy >/dev/null 2>&1; }

# Which toolchain builds for the browser: `rustup`, `debian`, or nothing yet.
wasm_toolchain() {
  if [ -n "${SPARRING_WASM:-}" ]; then say "$SPARRING_WASM"
  elif rustup_ready; then say rustup
  elif debian_ready; then say debian
  fi
}

wasm_target() {
  case "$(wasm_toolchain)" in
    rustup) rustup_ready || rustup target add "$WASM" || die "rustup could not add $WASM; try SPARRING_WASM=debian" ;;
    debian) debian_ready || install_debian_rust ;;
    '') { have rustup && rustup target add "$WASM"; } || install_debian_rust ;;
    *) die "SPARRING_WASM is \`$SPARRING_WASM\`; it can be \`rustup\` or \`debian\`" ;;
  esac
  say "wasm is built with the toolchain of $(wasm_toolchain)"
}

# Debian's Rust for browsers: the standard library comes as source and is built with the crate; the linker's number moves.
install_debian_rust() {
  say "rustup cannot add $WASM here; Debian's own toolchain takes its place"
  system_packages "building for $WASM" rustc-web rust-web-src rust-web-llvm rust-web-clippy
  [ -e /usr/bin/rust-lld ] || system_packages 'linking for wasm' "$(basename "$(readlink /usr/bin/rust-lld)")"
}

# wasm_cargo FEATURES SUBCOMMAND…: cargo for the browser, by the toolchain there is. A linter must match its compiler, so Debian's rustc takes Debian's clippy.
# The folder is its own, so that a native build beside it need not wait.
wasm_cargo() {
  local features=$1 subcommand=$2 cargo std=()
  shift 2
  cargo=(cargo "$subcommand")
  if [ "$(wasm_toolchain)" = debian ]; then
    export RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1
    std=("-Zbuild-std=std,panic_abort")
    [ "$subcommand" != clippy ] || cargo=(/usr/bin/cargo-clippy clippy)
  fi
  export CARGO_TARGET_DIR="$TARGET/wasm" RUSTFLAGS='-C target-feature=+simd128'
  "${cargo[@]}" --release --locked --target "$WASM" ${std[@]+"${std[@]}"} --features "$features" "$@"
}

locked_wasm_bindgen() { awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock; }
installed_wasm_bindgen() { "$TOOLS/bin/wasm-bindgen" --version 2>/dev/null | cut -d ' ' -f 2; }

install_wasm_bindgen() {
  local wanted
  wanted=$(locked_wasm_bindgen)
  if [ "$(installed_wasm_bindgen)" != "$wanted" ]; then
    # Its lock file may name a version that a registry has withdrawn; then the newest fitting ones serve.
    cargo install wasm-bindgen-cli --version "$wanted" --locked --force --root "$TOOLS" ||
      cargo install wasm-bindgen-cli --version "$wanted" --force --root "$TOOLS" || die "wasm-bindgen-cli $wanted could not be installed: is there a network?"
  fi
  [ "$(installed_wasm_bindgen)" = "$wanted" ] || die "wasm-bindgen must be $wanted as in Cargo.lock, but $TOOLS/bin holds $(installed_wasm_bindgen)"
  say "wasm-bindgen $wanted"
}

# ---------------------------------------------------------------- building

# wasm_package NAME FEATURES: one of the page's two engines, unless it is built from these very sources already.
wasm_package() {
  local name=$1 features=$2 out="www/src/generated/wasm/$1" stamp
  stamp="$(wasm_toolchain) $(find build.sh Cargo.toml Cargo.lock src -type f | LC_ALL=C sort | xargs git hash-object | git hash-object --stdin)"
  if [ "$stamp" = "$(cat "$out/.built-from" 2>/dev/null)" ]; then
    say "the package $name is current"
    return
  fi
  rm -rf "$out"
  wasm_cargo "$features" build --lib
  # Without the functions' names a visitor loads a tenth less of the small engine and a fifth less of the large one; a panic tells its place in the source without them.
  "$TOOLS/bin/wasm-bindgen" --target web --remove-name-section --remove-producers-section --out-dir "$out" --out-name sparring "$TARGET/wasm/$WASM/release/sparring.wasm"
  printf '%s\n' "$stamp" >"$out/.built-from"
  say "the package $name: $(du -h "$out/sparring_bg.wasm" | cut -f 1)"
}

build_page() {
  npm --prefix www run build
  node --input-type=module <<'SCRIPT'
// Compressed variants beside each file, which the server prefers where the browser takes them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
for (const entry of readdirSync('dist', { recursive: true })) {
  if (!/\.(html|js|css|wasm|json|svg)$/.test(entry)) continue;
  const bytes = readFileSync(`dist/${entry}`);
  // The best there is saves 30 kB of the first load; on the package that comes later it would take minutes.
  const [quality, window] = bytes.length > 8 << 20 ? [5, 22] : [11, 24];
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_LGWIN]: window } });
  writeFileSync(`dist/${entry}.br`, brotli);
  writeFileSync(`dist/${entry}.gz`, gzipSync(bytes));
  console.log(`${entry}: ${(bytes.length / 1024).toFixed(0)} kB, ${(brotli.length / 1024).toFixed(0)} kB with brotli`);
}
SCRIPT
}

build_native() { cargo build --release --locked; }

# ---------------------------------------------------------------- testing

check_format() { cargo fmt --check || die "the formatting differs: run \`cargo fmt\`"; }
lint_native() { CLIPPY_CONF_DIR=.clippy/native cargo clippy --release --locked --all-targets -- -D warnings; }
lint_wasm() { CLIPPY_CONF_DIR=.clippy/wasm wasm_cargo webgpu clippy --lib -- -D warnings; }
test_native() { cargo test --release --locked; }
lint_mpi() { CLIPPY_CONF_DIR=.clippy/native cargo clippy --release --locked --features mpi --all-targets -- -D warnings; }
test_mpi() { cargo test --release --locked --features mpi --test cli processes; }

test_wasm() {
  CHROMEDRIVER=$(chromedriver_path)
  export CHROMEDRIVER CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER="$TOOLS/bin/wasm-bindgen-test-runner" WASM_BINDGEN_TEST_TIMEOUT=300
  wasm_cargo '' test --test wasm
}

test_in_browser() {
  CHROMIUM=$(chromium_path)
  export CHROMIUM SPARRING_BIN="$TARGET/release/sparring"
  npm --prefix www run test:e2e
}

# ---------------------------------------------------------------- commands

prepare() {
  phase 'crates' fetch_crates
}

prepare_page() {
  phase 'Node.js' check_node
  phase 'page packages' install_page
}

prepare_wasm() {
  phase 'wasm target' wasm_target
  phase 'wasm-bindgen' install_wasm_bindgen
}

build_web() {
  phase 'wasm package cpu' wasm_package cpu ''
  phase 'wasm package webgpu' wasm_package webgpu webgpu
  phase 'page' build_page
}

run_web() {
  prepare
  prepare_page
  prepare_wasm
  build_web
  summary 'the page is in dist/'
}

run_native() {
  prepare
  phase 'native program' build_native
  summary "the program is $TARGET/release/sparring"
}

run_serve() {
  [ -f dist/index.html ] || die "there is no page yet: run \`./build.sh web\` first"
  [ -x "$TARGET/release/sparring" ] || die "there is no program yet: run \`./build.sh native\` first"
  exec "$TARGET/release/sparring" serve
}

build_all() {
  prepare
  prepare_page
  prepare_wasm
  build_web
  phase 'native program' build_native
}

run_all() {
  build_all
  summary 'everything is built'
  run_serve
}

run_check() {
  prepare
  prepare_page
  phase 'format' check_format
  phase 'clippy native' lint_native
  phase 'page types' npm --prefix www run check
  summary 'checked'
}

# Cheap checks first; what compiles the same dependencies stands together.
run_test() {
  prepare
  prepare_page
  prepare_wasm
  phase 'Chromium' find_chromium
  phase 'format' check_format
  phase 'native tests' test_native
  phase 'MPI' find_mpi
  phase 'MPI tests' test_mpi
  phase 'native program' build_native
  phase 'clippy native' lint_native
  phase 'clippy MPI' lint_mpi
  phase 'wasm package cpu' wasm_package cpu ''
  phase 'wasm tests' test_wasm
  phase 'clippy wasm' lint_wasm
  phase 'wasm package webgpu' wasm_package webgpu webgpu
  phase 'page types' npm --prefix www run check
  phase 'page tests' npm --prefix www test
  phase 'page' build_page
  phase 'page in Chromium' test_in_browser
  summary 'all tests passed'
}

run_bench() {
  build_all
  phase 'peers' npm --prefix benches/peers ci --ignore-scripts --no-audit --no-fund
  CHROMIUM=$(chromium_path)
  export CHROMIUM
  exec node benches/speed.mjs "$TARGET/release/sparring"
}

run_clean() {
  case "${1:-}" in '' | --all) ;; *) die "clean takes no \`$1\`; see ./build.sh --help" ;; esac
  rm -rf dist www/dist www/node_modules www/src/generated/wasm www/test-results
  say 'removed dist/, www/node_modules/, www/src/generated/wasm/'
  [ "${1:-}" = --all ] || return 0
  say "removing $TARGET with its tools and logs"
  rm -rf "$TARGET" "$TOOLS" "$LOGS"
}

# Absolute, because cargo, npm and the browser's driver start in different folders. Tools and logs lie beside a target directory that stands alone, else in it.
locate() {
  TARGET=${CARGO_TARGET_DIR:-$PWD/target}
  case "$TARGET" in /*) ;; *) TARGET="$PWD/$TARGET" ;; esac
  export CARGO_TARGET_DIR=$TARGET
  local beside=$TARGET
  [ -z "${1:-}" ] || beside=$(dirname "$TARGET")
  TOOLS="$beside/tools"
  LOGS="$beside/logs"
}

main() {
  trap 'die "stopped at line $LINENO: $BASH_COMMAND"' ERR
  local command=${1:-all}
  [ $# -eq 0 ] || shift
  case "$command" in
    -h | --help | help) usage; exit 0 ;;
    all | test | web | native | serve | check | bench) [ $# -eq 0 ] || die "$command takes no \`$1\`; see ./build.sh --help" ;;
    clean) ;;
    *) usage >&2; die "unknown command \`$command\`" ;;
  esac
  locate "${CARGO_TARGET_DIR:-}"
  case "$command" in
    serve | clean) ;;
    *)
      mkdir -p "$LOGS" || die "$LOGS cannot be written: set CARGO_TARGET_DIR to a folder that can"
      find_cargo
      ;;
  esac
  "run_$command" "$@"
}

main "$@"
