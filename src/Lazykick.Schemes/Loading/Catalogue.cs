using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Loading;

/// <summary>The catalogue of schemes that comes with the product: the files of <c>schemes/</c>, embedded.</summary>
public sealed class Catalogue : ISchemeFiles
{
    private const string Prefix = "schemes/";
    private const string FieldFolder = "field/";
    private readonly Dictionary<string, string> _resources;

    private Catalogue() =>
        _resources = typeof(Catalogue)
            .Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(n => n[Prefix.Length..], StringComparer.Ordinal);

    /// <summary>The one catalogue.</summary>
    public static Catalogue Instance { get; } = new();

    /// <summary>
    /// Schemes and bases; not those of <see cref="Field"/> and those that only claims use, which lie in folders.
    /// </summary>
    public IEnumerable<string> Names => FilesWith(".kick").Where(n => !n.Contains('/', StringComparison.Ordinal));

    /// <summary>
    /// The protocols of the field, by the names that commands take: <c>field/dragonos</c>. Each stands alone or over
    /// bases of <see cref="Names"/>.
    /// </summary>
    public IEnumerable<string> Field =>
        FilesWith(".kick").Where(n => n.StartsWith(FieldFolder, StringComparison.Ordinal));

    /// <summary>Names of the files with this extension, without it, with their folders, in order.</summary>
    /// <param name="extension">For example <c>.kick</c>.</param>
    public IEnumerable<string> FilesWith(string extension) =>
        _resources
            .Keys.Where(k => k.EndsWith(extension, StringComparison.Ordinal))
            .Select(k => k[..^extension.Length])
            .Order(StringComparer.Ordinal);

    /// <inheritdoc/>
    public SourceText? Find(string name) => Read(name + ".kick");

    /// <summary>A file of the catalogue by its name with extension, or null.</summary>
    public SourceText? Read(string file)
    {
        if (!_resources.TryGetValue(file, out var resource))
            return null;
        using var stream = typeof(Catalogue).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return new SourceText($"schemes/{file}", reader.ReadToEnd());
    }
}
