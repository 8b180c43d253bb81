using System.Security.Cryptography;
using System.Text;
using Lazykick.Cli.Json;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Cli.Checking;

/// <summary>
/// The text that a scheme consists of, as hashes: two results are about the same scheme only if they agree.
/// </summary>
internal static class SchemeHashes
{
    /// <summary>Of each file, its own last.</summary>
    public static IReadOnlyList<SweepDocument.HashedFile> Of(Scheme scheme) =>
        [.. scheme.Files.Select(f => new SweepDocument.HashedFile(NameOf(f), HashOf(f.Text)))];

    /// <summary>The name of a file without its folder.</summary>
    public static string NameOf(SourceText file) => Path.GetFileName(file.Path);

    /// <summary>SHA-256 of a text; line ends do not count.</summary>
    public static string HashOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"))));
}
