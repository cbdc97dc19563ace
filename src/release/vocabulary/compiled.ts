import { inDirectory, type Row } from './row.ts'

/** Languages that are compiled, and makers of static sites. */
export const compiled: readonly Row[] = [
  { example: 'go mod download', call: 'go mod|get|work', kind: 'install', tool: 'go', detail: inDirectory('-C') },
  { example: 'go test ./...', call: 'go|cargo|dotnet|mix|swift|stack|cabal|sbt test|vet', kind: 'test', tool: 'go' },
  {
    example: 'go build -o bin/app ./cmd/app',
    call: 'go build|install|generate',
    kind: 'build',
    tool: 'go',
    detail: inDirectory('-C'),
  },
  {
    example: 'go version',
    call: 'go|cargo|rustup|rustc|dotnet|java|javac|swift version|env|clean|fmt|fetch|update|default|--version|target',
    kind: 'nothing',
  },
  {
    example: 'cargo build --release',
    call: 'cargo build|install|b',
    kind: 'build',
    tool: 'cargo',
    detail: inDirectory(),
  },
  {
    example: './mvnw -B package',
    call: 'mvn|mvnw|maven package|install|verify|compile|deploy|clean|-B',
    kind: 'build',
    tool: 'maven',
    detail: inDirectory('-f'),
  },
  { example: './gradlew build', call: 'gradle|gradlew', kind: 'build', tool: 'gradle', detail: inDirectory('-p') },
  {
    example: 'dotnet publish -c Release -o out',
    call: 'dotnet publish|build|pack',
    kind: 'build',
    tool: 'dotnet',
    detail: inDirectory(),
  },
  { example: 'dotnet restore', call: 'dotnet restore|tool', kind: 'install', tool: 'dotnet', detail: inDirectory() },
  { example: 'dotnet ef database update', call: 'dotnet ef', kind: 'migrate', tool: 'dotnet' },
  {
    example: 'mix deps.get --only prod',
    call: 'mix deps.get|deps.compile|local.hex|local.rebar',
    kind: 'install',
    tool: 'mix',
    detail: inDirectory(),
  },
  { example: 'mix ecto.migrate', call: 'mix ecto.migrate', kind: 'migrate', tool: 'mix' },
  { example: 'mix ecto.reset', call: 'mix ecto.reset|ecto.drop', kind: 'reset database', tool: 'mix' },
  {
    example: 'mix release',
    call: 'mix release|compile|phx.digest|assets.deploy',
    kind: 'build',
    tool: 'mix',
    detail: inDirectory(),
  },
  {
    example: 'hugo --minify',
    call: 'hugo|mkdocs|zola|eleventy|sphinx-build|mdbook|pelican|quasar|antora|jekyll',
    kind: 'build',
    tool: 'static site',
    when: (call) => !/^(serve|server|dev|version|new|start|preview|deploy|gh-deploy)$/.test(call.operands[0] ?? ''),
    detail: inDirectory('-s', '--source', '-d', '--destination'),
  },
  {
    example: 'cmake --build build',
    call: 'cmake|ninja|meson|bazel|gcc|g++|cc|rustc|javac',
    kind: 'build',
    tool: 'compiler',
    detail: inDirectory(),
  },
]
