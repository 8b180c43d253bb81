using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Layers;

/// <summary>Who may know whom, read from what the compiler wrote and not from the text.</summary>
public sealed class LayerTests
{
    public static TheoryData<string> All => [.. Assemblies];

    /// <summary>All but the commands.</summary>
    public static TheoryData<string> Silent => [.. Assemblies.Where(a => a != "Lazykick.Cli")];

    private static IEnumerable<string> Assemblies =>
        Directory
            .GetFiles(AppContext.BaseDirectory, "Lazykick*.dll")
            .Select(f => Path.GetFileNameWithoutExtension(f))
            .Where(n => !n.EndsWith(".Tests", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(All))]
    public void The_namespaces_of_a_project_form_no_cycle(string assembly)
    {
        var edges = Namespaces(assembly);
        var cycle = Cycle(edges.Keys.Select(e => e.From).Distinct(), edges);
        Assert.True(cycle.Count == 0, string.Join("\n", cycle.Select(e => $"{e.From} -> {e.To}: {edges[e]}")));
    }

    [Theory]
    [InlineData("Memory")]
    [InlineData("InFlight", "Memory")]
    [InlineData("Exploration")]
    public void What_both_front_ends_share_knows_no_front_end(string layer, params string[] known)
    {
        const string project = "Lazykick.Checking";
        var edges = Namespaces(project);
        Assert.Contains(edges.Keys, e => e.To == $"{project}.{layer}");
        Assert.All(
            edges.Keys.Where(e => e.From == $"{project}.{layer}"),
            e => Assert.Contains(e.To, known.Select(k => $"{project}.{k}"))
        );
    }

    [Theory]
    [MemberData(nameof(Silent))]
    public void Nothing_below_the_commands_prints(string assembly)
    {
        Assert.DoesNotContain(References(assembly), r => r.To == "System.Console");
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        var source = Repository.PathOf("src");
        var wrong = Sources()
            .Where(f =>
                NamespaceOf(Path.Combine(source, f)) is { } name
                && name != Path.GetDirectoryName(f)!.Replace(Path.DirectorySeparatorChar, '.')
            )
            .ToList();
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_page_of_the_architecture_names_every_room_under_its_project()
    {
        var page = File.ReadAllText(Repository.PathOf("docs/design/architecture.md"));
        var unnamed = Sources()
            .Select(f => Path.GetDirectoryName(f)!.Split(Path.DirectorySeparatorChar))
            .Where(folders => folders.Length > 1)
            .Select(folders => (Project: folders[0], Room: folders[^1]))
            .Distinct()
            .Where(r => !Words(Section(page, r.Project)).Contains(r.Room))
            .Select(r => $"{r.Project}: {r.Room}");

        Assert.Empty(unnamed);
    }

    private static IReadOnlySet<(string From, string To)> References(string assembly) =>
        ReferenceReader.Read(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));

    /// <summary>Namespaces of the assembly that name another of it, each with a pair of types as an example.</summary>
    private static Dictionary<(string From, string To), string> Namespaces(string assembly)
    {
        var references = References(assembly);
        var own = references.Select(r => r.From).ToHashSet(StringComparer.Ordinal);
        var edges = new Dictionary<(string From, string To), string>();
        foreach (var (from, to) in references.Where(r => own.Contains(r.To)))
        {
            var edge = (Room(from), Room(to));
            if (edge.Item1 != edge.Item2 && edge.Item1.Length > 0 && edge.Item2.Length > 0)
                edges.TryAdd(edge, $"{from} names {to}");
        }

        Assert.NotEmpty(references);
        return edges;
    }

    // What the compiler itself adds has no namespace, or one of the framework.
    private static string Room(string type)
    {
        var room = type[..type.LastIndexOf('.')];
        return room.StartsWith("Lazykick", StringComparison.Ordinal) ? room : "";
    }

    private static List<(string From, string To)> Cycle(
        IEnumerable<string> rooms,
        Dictionary<(string From, string To), string> edges
    )
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var path = new List<string>();
        foreach (var room in rooms)
        {
            if (Walk(room) is { } cycle)
                return cycle;
        }

        return [];

        List<(string From, string To)>? Walk(string room)
        {
            var at = path.IndexOf(room);
            if (at >= 0)
            {
                var ring = path[at..];
                return [.. ring.Zip(ring.Skip(1).Append(room))];
            }

            if (done.Contains(room))
                return null;
            path.Add(room);
            foreach (var edge in edges.Keys.Where(e => e.From == room))
            {
                if (Walk(edge.To) is { } cycle)
                    return cycle;
            }

            path.RemoveAt(path.Count - 1);
            done.Add(room);
            return null;
        }
    }

    /// <summary>The files of code in src/, by their paths there.</summary>
    private static IEnumerable<string> Sources()
    {
        var source = Repository.PathOf("src");
        return Directory
            .EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(source, f))
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(p => p is "bin" or "obj"));
    }

    /// <summary>What the page says under the heading that names the project.</summary>
    private static string Section(string page, string project) =>
        page.Split("\n### ").Single(s => s.Split('\n')[0].Split(", ").Contains(project));

    private static HashSet<string> Words(string text) =>
        [.. text.Split([.. text.Where(c => !char.IsLetterOrDigit(c)).Distinct()])];

    private static string? NamespaceOf(string file) =>
        File.ReadLines(file)
            .FirstOrDefault(l => l.StartsWith("namespace ", StringComparison.Ordinal))
            ?.TrimEnd(';')["namespace ".Length..];
}
