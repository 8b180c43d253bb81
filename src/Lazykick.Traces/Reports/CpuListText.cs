using System.Globalization;
using System.Text;

namespace Lazykick.Traces.Reports;

/// <summary>CPUs as the kernel writes lists of them: <c>0,2-3</c>.</summary>
public static class CpuListText
{
    // As many CPUs as the largest configurations have.
    private const int MostCpus = 8192;

    /// <summary>The list of CPUs in ascending order.</summary>
    public static string Of(IEnumerable<int> cpus)
    {
        ArgumentNullException.ThrowIfNull(cpus);
        var sorted = cpus.Order().ToList();
        var text = new StringBuilder();
        for (var i = 0; i < sorted.Count; i++)
        {
            var first = i;
            while (i + 1 < sorted.Count && sorted[i + 1] == sorted[i] + 1)
                i++;
            if (text.Length > 0)
                text.Append(',');
            text.Append(CultureInfo.InvariantCulture, $"{sorted[first]}");
            if (i > first)
                text.Append(CultureInfo.InvariantCulture, $"-{sorted[i]}");
        }

        return text.ToString();
    }

    /// <summary>Reads such a list.</summary>
    public static bool TryParse(string? text, out IReadOnlySet<int> cpus)
    {
        var set = new HashSet<int>();
        cpus = set;
        foreach (var part in (text ?? "").Split(','))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            if (
                !TryNumber(dash < 0 ? part : part[..dash], out var first)
                || !TryNumber(dash < 0 ? part : part[(dash + 1)..], out var last)
                || last < first
            )
            {
                return false;
            }

            for (var cpu = first; cpu <= last; cpu++)
                set.Add(cpu);
        }

        return true;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < MostCpus;
}
