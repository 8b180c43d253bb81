#!/usr/bin/env python3
"""Mutation run over the library: eng/mutate.py [--only REGEX] [--wrap COMMAND] [--timeout SECONDS] [--stages N].

Each block of eng/mutants.txt takes one ordering, check or wake-up away. All mutants are compiled at once behind an
environment variable, into a copy of the library and its tests, so that a run costs one build. A mutant counts as killed
when a test fails, or when the tests do not end in time. The tests that its section names come first, then the other
scenarios, then the other tests: only a survivor pays for all. Ends with 1 if a mutant survives that is not marked as
equivalent. --wrap puts a command before each test run, on a machine that is shared. --stages 2 stops after the tests
that the section names: what survives those has no verdict, and is listed for a run that asks all. Each stage is first
run without a mutant.
"""
import argparse, os, pathlib, re, shlex, shutil, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Numbers, set before anything is compiled: what the JIT makes of a primitive must not contain the other branch.
SWITCH = """namespace Lazykick;

internal static class Mutant
{
    private static readonly int Number = int.Parse(Environment.GetEnvironmentVariable("LAZYKICK_MUTANT") ?? "-1");

    [System.Runtime.CompilerServices.ModuleInitializer]
    internal static void Initialize() => Is(0);

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
    public static bool Is(int number) => Number == number;
}
"""


def read(path):
    mutants, current, tests = [], None, ""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        key, _, value = line.partition(" ")
        if key == "mutant":
            current = {"name": value, "number": len(mutants), "from": [], "to": [], "equivalent": None, "form": "instead",
                       "tests": tests}
            mutants.append(current)
        elif key == "tests":
            tests = value
        elif key in ("file", "equivalent"):
            current[key] = value
        elif key == "after":
            current["form"] = "after"
            current["from"].append(value)
        elif key == "raw":
            current["form"] = "raw"
            current["to"].append(value)
        elif key in ("-", "+"):
            current["from" if key == "-" else "to"].append(value)
        else:
            sys.exit(f"{path}:{number}: a line begins with tests, mutant, file, equivalent, -, +, after or raw")
    return mutants


def rewrite(folder, mutants):
    """Statements end with a semicolon or a brace, and become an if; anything else is an expression."""
    chains, held, texts = {}, [], {}

    def hold(text):
        """What has been put in is kept out of the way, so that it is not found as an original."""
        held.append(text)
        return f"\u00a7{len(held) - 1}\u00a7"

    for mutant in mutants:
        chains.setdefault((mutant["file"], "\n".join(mutant["from"])), []).append(mutant)
    for (file, original), group in chains.items():
        path = folder / "src/Lazykick" / file
        text = texts.setdefault(path, path.read_text())
        # Line by line, so that the list need not repeat the indentation.
        pattern = r"\n\s*".join(re.escape(line.strip()) for line in original.split("\n"))
        found = re.findall(pattern, text)
        if len(found) != 1:
            sys.exit(f"{group[0]['name']}: found {len(found)} times in {file}: {original}")
        new = found[0]
        for mutant in group:
            changed = hold("\n".join(mutant["to"]))
            test = f'global::Lazykick.Mutant.Is({mutant["number"]})'
            if mutant["form"] == "after":
                new = f"{new}\nif ({test})\n{{\n{changed}\n}}"
            elif mutant["form"] == "raw":
                new = hold("\n".join(mutant["to"]).replace("MUTANT", test))
            elif original.rstrip().endswith((";", "}")):
                new = f"if ({test})\n{{\n{changed}\n}}\nelse\n{{\n{new}\n}}"
            else:
                new = f"({test} ? ({changed}) : ({new}))"
        texts[path] = text.replace(found[0], new)
    for path, text in texts.items():
        path.write_text(re.sub("\u00a7(\\d+)\u00a7", lambda match: held[int(match[1])], text))
    (folder / "src/Lazykick/Mutant.cs").write_text(SWITCH)


def copy(folder):
    """The library, its tests, and what their build needs; not the samples, which other tests run."""
    wanted = ["src/Lazykick", "src/Lazykick.Analyzers", "src/Directory.Build.props", "tests/Lazykick.Tests",
              "tests/Directory.Build.props", "docs/guide", "Directory.*", "global.json", "Lazykick.slnx"]
    archive = subprocess.run(["git", "-C", str(ROOT), "archive", "HEAD", *wanted], capture_output=True, check=True)
    subprocess.run(["tar", "x", "-C", str(folder)], input=archive.stdout, check=True)
    shutil.copytree(ROOT / "eng", folder / "eng")
    project = folder / "tests/Lazykick.Tests/Lazykick.Tests.csproj"
    project.write_text(re.sub(r".*samples/.*\n", "", project.read_text()))
    library = folder / "src/Lazykick/Lazykick.csproj"
    library.write_text(library.read_text().replace("net10.0;net8.0", "net10.0"))
    for lock in folder.rglob("packages.lock.json"):
        lock.unlink()


def build(folder, wrap):
    # The analyzers are for what people write.
    command = ["dotnet", "build", "-c", "Release", "-v", "q", "-nologo", "-p:TreatWarningsAsErrors=false",
               "-p:EnforceCodeStyleInBuild=false", "-p:RunAnalyzers=false", "-p:GenerateDocumentationFile=false",
               "-p:RestorePackagesWithLockFile=false", "-p:EnablePackageValidation=false"]
    project = folder / "tests/Lazykick.Tests"
    built = subprocess.run(wrap + command + [str(project)], capture_output=True, text=True)
    if built.returncode:
        sys.exit("the mutants do not compile:\n" + "\n".join(sorted(set(re.findall(r".*error.*", built.stdout)))[:20]))
    return str(project / "bin/Release/net10.0/Lazykick.Tests")


SCENARIOS = ["-class", "Lazykick.Tests.Exploration.ProtocolExplorationTests"]
OTHERS = [part for name in ("Domain", "Hardware", "Typed") for part in ("-namespace", "Lazykick.Tests." + name)]


def stages(mutant):
    """What runs one after the other until something fails: a name, the scenarios, the tests."""
    scenarios, _, classes = (part.strip() for part in f" {mutant['tests']}".partition(" | "))
    if scenarios:
        yield "exploration", scenarios, SCENARIOS
    if classes:
        yield "others", "", [part for name in classes.split() for part in ("-class", "Lazykick.Tests." + name)]
    yield "exploration", "", SCENARIOS
    yield "others", "", OTHERS


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="a regular expression over the names")
    parser.add_argument("--wrap", default="")
    parser.add_argument("--timeout", type=int, default=300)
    parser.add_argument("--stages", type=int, default=4)
    options = parser.parse_args()
    wrap = shlex.split(options.wrap)
    mutants = read(ROOT / "eng/mutants.txt")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="lazykick-mutants-"))
    copy(folder)
    rewrite(folder, mutants)
    program = build(folder, wrap)

    def fails(number, scenarios, tests):
        environment = dict(os.environ, LAZYKICK_MUTANT=str(number), LAZYKICK_SCENARIOS=scenarios)
        run = subprocess.run(wrap + ["timeout", str(options.timeout), program, "-stopOnFail", *tests],
                             cwd=folder, env=environment, capture_output=True, text=True)
        failed = re.search(r"(\S.*) \[FAIL\]", re.sub(r"\x1b\[\d+m", "", run.stdout))
        return run.returncode, failed[1] if failed else "no end" if run.returncode == 124 else "the process"

    chosen = [mutant for mutant in mutants if re.search(options.only, mutant["name"])]
    counts = {"exploration": 0, "others": 0, "survived": 0, "equivalent": 0, "no verdict": 0}
    sound = set()
    for mutant in chosen:
        start = time.time()
        for number, (where, scenarios, tests) in enumerate(stages(mutant), 1):
            if number > options.stages:
                where = "no verdict"
                break
            if (stage := f"{scenarios} {tests}") not in sound:
                if (failed := fails(-1, scenarios, tests))[0]:
                    sys.exit(f"without a mutant fails: {failed[1]}")
                sound.add(stage)
                start = time.time()
            status, failed = fails(mutant["number"], scenarios, tests)
            if status:
                break
        if status:
            verdict = f"killed by {where}: {failed}"
            counts[where] += 1
        elif mutant["equivalent"]:
            verdict = f"equivalent: {mutant['equivalent']}"
            counts["equivalent"] += 1
        elif where == "no verdict":
            verdict = "no verdict: survived the tests of its section"
            counts[where] += 1
        else:
            verdict = "SURVIVED"
            counts["survived"] += 1
        print(f"{mutant['name']:44} {verdict} [{time.time() - start:.0f} s]", flush=True)
    shutil.rmtree(folder)
    killed = counts["exploration"] + counts["others"]
    counted = killed + counts["survived"]
    print(f"{killed} of {counted} killed ({100 * killed / max(counted, 1):.0f} %), {counts['exploration']} by exploration; "
          f"{counts['equivalent']} equivalent, {counts['no verdict']} without a verdict")
    return 1 if counts["survived"] else 0


sys.exit(main())
