using System.Globalization;
using Lazykick.Auditing.Images;
using Lazykick.Auditing.Reports;
using Lazykick.Auditing.Tests.Code;
using Lazykick.Auditing.Walking;

namespace Lazykick.Auditing.Tests.Images;

/// <summary>Debian's images against images.expected. eng/fetch-images gets them; without them the tests skip.</summary>
public class ImageSetTests
{
    private static readonly string s_directory =
        Environment.GetEnvironmentVariable("LAZYKICK_IMAGES")
        ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            ".cache",
            "lazykick",
            "images"
        );

    public static IEnumerable<TheoryDataRow<string>> Images() =>
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "images.expected"))
            .Where(l => l.Length > 0 && l[0] != '#' && l[0] != ' ')
            .Select(l => new TheoryDataRow<string>(l.Trim()));

    [Theory]
    [MemberData(nameof(Images))]
    public void An_image_has_the_tables_sites_and_keys_that_are_expected(string image)
    {
        var path = Path.Combine(s_directory, image);
        Assert.SkipUnless(File.Exists(path), $"{path} is not there; eng/fetch-images gets it");
        var report = Auditor.Run(KernelImage.Open(path), null, null, TestContext.Current.CancellationToken);

        Assert.Equal(Expected(image), Facts(report));
    }

    [Fact]
    public void No_instruction_of_a_whole_image_is_read_otherwise_than_Capstone_reads_it()
    {
        var path = Directory.Exists(s_directory)
            ? Directory
                .GetDirectories(s_directory, "*-arm64")
                .Order(StringComparer.Ordinal)
                .Select(d => Path.Combine(d, "vmlinuz"))
                .LastOrDefault(File.Exists)
            : null;
        Assert.SkipUnless(path is not null, $"no arm64 image in {s_directory}; eng/fetch-images gets one");
        var image = KernelImage.Open(path!);
        var text = image.Sections.Text;
        var bytes = image.Space.At(text.Start)[..(int)text.Size];

        // Words of one kind differ in their registers only: each is compared once.
        var words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(bytes).ToArray().Distinct().ToArray();
        var (compared, differences) = CapstoneComparison.Compare(words);

        Assert.Empty(differences.Take(20));
        Assert.True(compared > words.Length * 9 / 10, $"Capstone decoded {compared} of {words.Length} words only");
    }

    /// <summary>The facts of an audit, a line each: also what a new entry of images.expected is made of.</summary>
    internal static string Facts(AuditReport report)
    {
        var lines = report
            .Image.Tables.Found.Select(t =>
                $"    {t.Name} {t.Entries?.ToString(CultureInfo.InvariantCulture) ?? "none"}"
            )
            .ToList();
        foreach (var window in report.Windows)
        {
            if (window.Refused is not null)
            {
                lines.Add($"    {window.Name} refused");
                continue;
            }

            lines.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"    {window.Name} functions {window.Functions} keys {window.Count(SiteKind.StaticKey)} calls "
                        + $"{window.Count(SiteKind.StaticCall)} ftrace {window.Count(SiteKind.Ftrace)} kprobes "
                        + $"{window.Count(SiteKind.Kprobe)} alternatives {window.Count(SiteKind.Alternative)}"
                )
            );
            lines.AddRange(
                window
                    .Sites.Where(s => s.Key is not null)
                    .GroupBy(s => s.Key!.Name)
                    .OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => $"    {window.Name} {g.Key} {g.Count()} {g.First().Sealing}")
            );
            lines.AddRange(Names(window, SiteKind.Ftrace).Concat(Names(window, SiteKind.Kprobe)));
        }

        return string.Join('\n', lines);
    }

    private static IEnumerable<string> Names(WindowReport window, SiteKind kind)
    {
        var names = window
            .Sites.Where(s => s.Kind == kind)
            .Select(s => s.Path[^1])
            .Order(StringComparer.Ordinal)
            .ToList();
        return names.Count == 0
            ? []
            : [$"    {window.Name} {kind.ToString().ToLowerInvariant()} {string.Join(' ', names)}"];
    }

    private static string Expected(string image) =>
        string.Join(
            '\n',
            File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "images.expected"))
                .SkipWhile(l => l.Trim() != image || l[0] == ' ')
                .Skip(1)
                .TakeWhile(l => l.StartsWith("    ", StringComparison.Ordinal))
        );
}
