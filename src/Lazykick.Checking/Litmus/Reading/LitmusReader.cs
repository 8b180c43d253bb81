using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus.Reading;

/// <summary>Reads herd's litmus format: header, initial state, code in columns, condition.</summary>
public static class LitmusReader
{
    private const int MaxThreads = 8;

    // Words of Variant that change nothing here, and those that ask for what the machine lacks.
    private static readonly HashSet<string> _knownVariants = new(StringComparer.Ordinal)
    {
        "self",
        "ifetch",
        "exs",
        "eis",
        "eos",
        "fatal",
        "handled",
        "faulttonext",
    };

    private static readonly Dictionary<string, string> _missingVariants = new(StringComparer.Ordinal)
    {
        ["vmsa"] = "page tables (Variant=vmsa)",
        ["kvm"] = "page tables (Variant=kvm)",
        ["memtag"] = "memory tagging (Variant=memtag)",
        ["mte"] = "memory tagging (Variant=mte)",
        ["mixed"] = "mixed-size accesses (Variant=mixed)",
        ["sve"] = "vector instructions (Variant=sve)",
        ["sme"] = "matrix instructions (Variant=sme)",
        ["pac"] = "pointer authentication (Variant=pac)",
        ["asl"] = "ASL execution (Variant=asl)",
    };

    /// <summary>Reads a test.</summary>
    /// <param name="text">The whole file.</param>
    /// <returns>The test, its instructions still text.</returns>
    /// <exception cref="LitmusException">The text is not a litmus test, or asks for what the machine does not
    /// model.</exception>
    public static LitmusTest Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        LitmusTitle.RejectForeign(text);
        var scanner = new LitmusScanner(text);
        var (architecture, targetFirst, name) = ReadTitle(scanner);
        var (cache, variants) = ReadOptions(scanner);
        var (initial, arrays) = LitmusInitialReader.Read(scanner, architecture);
        var columns = LitmusCodeReader.Read(scanner);
        if (columns.Count(c => !c.IsHandler) > MaxThreads)
            throw new LitmusException(columns[MaxThreads].Position, $"more than {MaxThreads} threads");
        var conditions = new LitmusConditionReader(scanner, architecture);
        conditions.Read();
        return new LitmusTest
        {
            Name = name,
            Architecture = architecture,
            TargetFirst = targetFirst,
            Cache = cache,
            Variants = variants,
            Initial = initial,
            Arrays = arrays,
            Columns = columns,
            Locations = conditions.Locations,
            Filter = conditions.Filter,
            Quantifier = conditions.Quantifier,
            Condition = conditions.Condition,
            ConditionText = conditions.Text,
            ConditionPosition = conditions.Position,
        };
    }

    private static (LitmusArchitecture Architecture, bool TargetFirst, string Name) ReadTitle(LitmusScanner scanner)
    {
        scanner.SkipBlank();
        var position = scanner.Position;
        if (!scanner.TryName(out var word))
            throw scanner.Error($"expected the name of an architecture but found {scanner.Found()}");
        var architecture =
            LitmusTitle.Architecture(word)
            ?? throw new LitmusException(
                position,
                $"'{word}' is no architecture; a litmus test begins with AArch64, X86_64 or X86 and its name"
            );
        var start = scanner.Offset;
        while (!scanner.AtEnd && scanner.Current != '\n')
            scanner.Offset++;
        var name = scanner.Slice(start, scanner.Offset).Trim();
        return name.Length > 0
            ? (architecture, word == "X86", name)
            : throw new LitmusException(position, "the test has no name after its architecture");
    }

    private static (CacheType Cache, HashSet<string> Variants) ReadOptions(LitmusScanner scanner)
    {
        var cache = CacheType.None;
        var variants = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            scanner.SkipBlank();
            if (scanner.Current == '{')
                return (cache, variants);
            if (scanner.Current == '"')
            {
                scanner.QuotedString();
                continue;
            }

            var position = scanner.Position;
            if (!scanner.TryName(out var key) || !scanner.TryTake("="))
            {
                throw new LitmusException(
                    position,
                    $"expected 'Key=Value', a string or '{{' before the initial state, but found {scanner.Found()}"
                );
            }

            var valuePosition = scanner.Position;
            var start = scanner.Offset;
            while (!scanner.AtEnd && scanner.Current != '\n')
                scanner.Offset++;
            var words = scanner
                .Slice(start, scanner.Offset)
                .Split([' ', ',', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (key.Equals("CacheType", StringComparison.OrdinalIgnoreCase))
                cache = ReadCacheType(words, valuePosition);
            else if (key.Equals("Variant", StringComparison.OrdinalIgnoreCase))
                AddVariants(variants, words, valuePosition);
        }
    }

    private static CacheType ReadCacheType(string[] words, LitmusPosition position)
    {
        var cache = CacheType.None;
        foreach (var word in words)
        {
            cache = word.ToUpperInvariant() switch
            {
                "IDC" => cache == CacheType.Dic ? cache : CacheType.Idc,
                "DIC" => CacheType.Dic,
                _ => throw new LitmusException(position, $"'{word}' is no cache type; IDC and DIC are"),
            };
        }

        return cache;
    }

    private static void AddVariants(HashSet<string> variants, string[] words, LitmusPosition position)
    {
        foreach (var word in words.Select(w => w.ToLowerInvariant()))
        {
            if (_missingVariants.TryGetValue(word, out var feature))
                throw LitmusException.Unsupported(position, feature);
            if (!_knownVariants.Contains(word))
                throw LitmusException.Unsupported(position, $"variant '{word}'");
            variants.Add(word);
        }
    }
}
