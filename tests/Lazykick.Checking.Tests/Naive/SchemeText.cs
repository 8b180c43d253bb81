using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>Schemes for tests, from text.</summary>
internal static class SchemeText
{
    /// <summary>Loads a scheme; a mistake in it fails the test with its message.</summary>
    public static Scheme Load(string text)
    {
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(new SourceText("test.kick", text), Catalogue.Instance, diagnostics);
        Assert.True(scheme is not null, string.Concat(diagnostics.Select(d => d.Render())));
        return scheme;
    }
}
