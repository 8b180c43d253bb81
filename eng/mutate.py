#!/usr/bin/env python3
"""Mutation run over the core of the library: eng/mutate.py [--only NAME] [--wrap COMMAND].

Each block of eng/mutants.txt takes one ordering, check or wake-up away. All mutants are compiled at once behind an
environment variable, so that a run costs one build; a mutant counts as killed when a test fails, or when the tests do not
end in time. Exploration comes first, then everything else. Ends with 1 if a mutant survives that is not marked as
equivalent. --wrap puts a command before each test run, on a machine that is shared.
"""
import argparse, os, pathlib, re, shlex, subprocess, sys, tempfile, time

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
    mutants, current = [], None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        key, _, value = line.partition(" ")
        if key == "mutant":
            current = {"name": value, "number": len(mutants), "from": [], "to": [], "equivalent": None, "form": "instead"}
            mutants.append(current)
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
            sys.exit(f"{path}:{number}: a line begins with mutant, file, equivalent, -, +, after or raw")
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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only")
    parser.add_argument("--wrap", default="")
    parser.add_argument("--timeout", type=int, default=300)
    options = parser.parse_args()
    wrap = shlex.split(options.wrap)
    mutants = read(ROOT / "eng/mutants.txt")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="lazykick-mutants-"))
    subprocess.run(f"git -C {ROOT} archive HEAD | tar x -C {folder}", shell=True, check=True)
    rewrite(folder, mutants)
    project = folder / "tests/Lazykick.Tests"
    # The analyzers are for what people write.
    build = ["dotnet", "build", "-c", "Release", "-v", "q", "-nologo", "-p:TreatWarningsAsErrors=false",
             "-p:EnforceCodeStyleInBuild=false", "-p:RunAnalyzers=false", "-p:GenerateDocumentationFile=false", str(project)]
    built = subprocess.run(wrap + build, capture_output=True, text=True)
    if built.returncode:
        sys.exit("the mutants do not compile:\n" + "\n".join(sorted(set(re.findall(r".*error.*", built.stdout)))[:20]))
    program = str(project / "bin/Release/net10.0/Lazykick.Tests")

    def fails(number, *filters):
        environment = dict(os.environ, LAZYKICK_MUTANT=str(number))
        return subprocess.run(wrap + ["timeout", str(options.timeout), program, "-stopOnFail", *filters],
                              cwd=folder, env=environment, capture_output=True).returncode

    exploration = ["-namespace", "Lazykick.Tests.Exploration"]
    others = ["-namespace", "Lazykick.Tests.Domain", "-namespace", "Lazykick.Tests.Hardware", "-namespace", "Lazykick.Tests.Typed"]
    if not options.only and (fails(-1, *exploration) or fails(-1, *others)):
        sys.exit("the tests fail without a mutant")
    survivors, counts = [], {"exploration": 0, "others": 0, "survived": 0, "equivalent": 0}
    for mutant in mutants:
        name = mutant["name"]
        if options.only and options.only != name:
            continue
        start = time.time()
        status = fails(mutant["number"], *exploration)
        where = "exploration"
        if not status:
            status, where = fails(mutant["number"], *others), "others"
        if status:
            verdict = f"killed by {where}" + (" (no end)" if status == 124 else "")
            counts[where] += 1
        elif mutant["equivalent"]:
            verdict = f"equivalent: {mutant['equivalent']}"
            counts["equivalent"] += 1
        else:
            verdict = "SURVIVED"
            counts["survived"] += 1
            survivors.append(name)
        print(f"{name:44} {verdict} [{time.time() - start:.0f} s]", flush=True)
    killed = counts["exploration"] + counts["others"]
    counted = killed + counts["survived"]
    print(f"{killed} of {counted} killed ({100 * killed / max(counted, 1):.0f} %), {counts['exploration']} by exploration; "
          f"{counts['equivalent']} equivalent")
    return 1 if survivors else 0


sys.exit(main())
