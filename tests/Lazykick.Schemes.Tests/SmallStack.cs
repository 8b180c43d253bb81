using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Tests;

/// <summary>
/// Loads files on a thread with a small stack, and waits for it only so long: what overflows or hangs is noticed.
/// </summary>
internal static class SmallStack
{
    private const int Bytes = 256 * 1024;

    /// <summary>What loading the text reports.</summary>
    public static DiagnosticCollection Load(string text)
    {
        var diagnostics = new DiagnosticCollection();
        Run(text, () => SchemeLoader.Load(new SourceText("fuzz.kick", text), Catalogue.Instance, diagnostics));
        return diagnostics;
    }

    public static void Run(string text, Action action)
    {
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception error)
                {
                    failure = error;
                }
            },
            Bytes
        )
        {
            IsBackground = true,
        };
        thread.Start();
        var start = text.Length > 400 ? text[..400] + "..." : text;
        Assert.True(thread.Join(TimeSpan.FromMinutes(2)), $"no end in sight with\n{start}");
        Assert.True(failure is null, $"{failure}\nwith\n{text}");
    }
}
