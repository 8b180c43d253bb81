using System.Collections.Frozen;
using System.Globalization;

namespace Lazykick.Traces.Names;

/// <summary>Names of system calls by their numbers on an architecture.</summary>
public static class SystemCalls
{
    private const string Resource = "system-calls.txt";

    private static readonly (FrozenDictionary<int, string> X86, FrozenDictionary<int, string> Generic) s_names = Load();

    /// <summary>The name of a 64-bit system call, or null where it is not known.</summary>
    /// <param name="machine">The machine as uname names it.</param>
    /// <param name="number">The number.</param>
    public static string? Find(string? machine, int number) =>
        machine switch
        {
            "x86_64" => s_names.X86.GetValueOrDefault(number),
            "aarch64" or "riscv64" => s_names.Generic.GetValueOrDefault(number),
            _ => null,
        };

    private static (FrozenDictionary<int, string> X86, FrozenDictionary<int, string> Generic) Load()
    {
        using var stream =
            typeof(SystemCalls).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"resource {Resource} is missing from the build");
        using var reader = new StreamReader(stream);
        var (x86, generic) = (new Dictionary<int, string>(), new Dictionary<int, string>());
        while (reader.ReadLine() is { } line)
        {
            if (line.Split(' ') is not [not "#", var first, var second] words || line[0] == '#')
                continue;
            if (int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                x86[number] = words[0];
            if (int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out number))
                generic[number] = words[0];
        }

        return (x86.ToFrozenDictionary(), generic.ToFrozenDictionary());
    }
}
