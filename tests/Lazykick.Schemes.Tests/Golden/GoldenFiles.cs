using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Tests.Golden;

/// <summary>
/// What the bad files include: <c>common</c>, which is right, <c>deep0</c>, which includes <c>deep1</c>, and so on, and
/// <c>ring</c>, which includes itself by way of <c>rung</c>.
/// </summary>
internal sealed class GoldenFiles : ISchemeFiles
{
    private const string Common = """
        base common "for tests"
        routine common_routine
            @first isb
        routine twice
            @same isb
            @same dsb
        """;

    public IEnumerable<string> Names => ["common", "deep0"];

    public SourceText? Find(string name)
    {
        if (name is "ring" or "rung")
        {
            return new SourceText(
                $"{name}.kick",
                $"base {name} \"for tests\"\ninclude {(name == "ring" ? "rung" : "ring")}\n"
            );
        }

        if (name == "common")
            return new SourceText("common.kick", Common);
        return name.StartsWith("deep", StringComparison.Ordinal) && int.TryParse(name[4..], out var depth)
            ? new SourceText($"{name}.kick", $"base {name} \"for tests\"\ninclude deep{depth + 1}\n")
            : null;
    }
}
