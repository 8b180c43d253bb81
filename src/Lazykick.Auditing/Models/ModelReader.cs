using Lazykick.Auditing.Bytes;

namespace Lazykick.Auditing.Models;

/// <summary>Reads a model: a version, then one fact a line, <c>#</c> for comments.</summary>
public static class ModelReader
{
    private const int MaxLines = 10_000;
    private static readonly string[] s_sets =
    [
        "transition",
        "leaves",
        "enters",
        "nest-in",
        "nest-out",
        "watching",
        "never",
        "skip",
        "boot",
        "assume-on",
        "update",
        "ipi",
    ];
    private static readonly string[] s_windows = ["entry", "exit", "idle", "guest"];

    /// <summary>Reads it.</summary>
    /// <exception cref="ModelException">A line cannot be read: which, and what was expected.</exception>
    public static AuditModel Read(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var model = new AuditModel(name);
        var isFirst = true;
        for (var number = 1; reader.ReadLine() is { } text; number++)
        {
            if (number > MaxLines)
            {
                throw new ModelException(name, number, $"more than {MaxLines} lines are no model");
            }

            var line = text.Split('#')[0].Trim();
            if (line.Length == 0)
            {
                continue;
            }

            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (isFirst)
            {
                if (words is not ["model", _] || words[1] != "1")
                {
                    throw new ModelException(
                        name,
                        number,
                        $"a model begins with 'model {AuditModel.Version}', not '{line}'"
                    );
                }

                isFirst = false;
                continue;
            }

            Line(model, name, number, line, words);
        }

        return isFirst
            ? throw new ModelException(name, 1, $"an empty file; a model begins with 'model {AuditModel.Version}'")
            : model;
    }

    private static void Line(AuditModel model, string name, int number, string line, string[] words)
    {
        var kind = words[0];
        if (words.Length < 2)
        {
            throw new ModelException(name, number, $"'{kind}' without names");
        }

        switch (kind)
        {
            case "state":
                model.State = words[1];
                break;
            case "root" or "needs" when words.Length > 3:
                if (!s_windows.Contains(words[1]))
                {
                    throw new ModelException(
                        name,
                        number,
                        $"'{words[1]}' is no window: {string.Join(", ", s_windows)}"
                    );
                }

                foreach (var machine in Machines(name, number, words[2]))
                {
                    if (kind == "root")
                    {
                        model.AddRoot(words[1], machine, words[3..]);
                    }
                    else
                    {
                        model.AddNeed(words[1], machine, words[3..]);
                    }
                }

                break;
            case "indirect" when words.Length > 3:
                foreach (var machine in Machines(name, number, words[2]))
                {
                    model.AddIndirect(words[1], machine, words[3..]);
                }

                break;
            case "allow":
                var quote = line.IndexOf('"', StringComparison.Ordinal);
                if (quote < 0 || line[^1] != '"' || quote == line.Length - 1)
                {
                    throw new ModelException(
                        name,
                        number,
                        "allow KEY \"reason\": a key is not allowed without a reason"
                    );
                }

                model.Allowed[words[1]] = line[(quote + 1)..^1];
                break;
            default:
                if (!s_sets.Contains(kind))
                {
                    throw new ModelException(
                        name,
                        number,
                        $"'{kind}' is no kind of fact, or has too few words: state, root, needs, indirect, allow, "
                            + $"{string.Join(", ", s_sets)}"
                    );
                }

                foreach (var word in words[1..])
                {
                    model[kind].Add(word);
                }

                break;
        }
    }

    private static MachineKind[] Machines(string name, int number, string word) =>
        word switch
        {
            "arm64" => [MachineKind.Arm64],
            "x86" => [MachineKind.X86],
            "any" => [MachineKind.Arm64, MachineKind.X86],
            _ => throw new ModelException(name, number, $"'{word}' is no machine: arm64, x86 or any"),
        };
}
