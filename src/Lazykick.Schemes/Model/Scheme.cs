using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Model;

/// <summary>
/// A scheme, put together: includes followed, patches applied, every name known and every step well formed. Its steps
/// are still the syntax tree; what they mean is up to the machine.
/// </summary>
public sealed class Scheme
{
    internal Scheme(HeaderDeclaration header) => Header = header;

    /// <summary>The name that commands take.</summary>
    public string Name => Header.Name;

    /// <summary>One line for people.</summary>
    public string Title => Header.Title;

    /// <summary>True if it only serves to be included.</summary>
    public bool IsBase => Header.IsBase;

    /// <summary>The architecture: arm64, x86_64, powerpc, riscv64 or loongarch64.</summary>
    public string Arch { get; internal set; } = "arm64";

    /// <summary>The kernel version that the base describes, or null.</summary>
    public string? Kernel { get; internal set; }

    /// <summary>Where the scheme comes from.</summary>
    public IReadOnlyList<string> Sources => SourceList;

    /// <summary>The properties that it claims to keep, in the order written; empty if it says nothing.</summary>
    public IReadOnlyList<string> Promises => [.. PromiseList.Select(p => p.Text)];

    /// <summary>The same as they are written.</summary>
    public IReadOnlyList<Token> PromiseTokens => PromiseList;

    /// <summary>Assumptions, printed with every verdict that they apply to.</summary>
    public IReadOnlyList<AssumeDeclaration> Assumptions => AssumptionList;

    /// <summary>Knobs by name, in the order declared.</summary>
    public IReadOnlyDictionary<string, Knob> Knobs => KnobTable;

    /// <summary>Variables by name, in the order declared.</summary>
    public IReadOnlyDictionary<string, VariableDeclaration> Variables => VariableTable;

    /// <summary>Patched text locations by name.</summary>
    public IReadOnlyDictionary<string, TextDeclaration> Texts => TextTable;

    /// <summary>Translations of kernel addresses that change, by name.</summary>
    public IReadOnlyDictionary<string, MappingDeclaration> Mappings => MappingTable;

    /// <summary>Places of kernel mode, besides <c>user</c>.</summary>
    public IReadOnlyDictionary<string, PlaceDeclaration> Places => PlaceTable;

    /// <summary>Named states of a CPU.</summary>
    public IReadOnlyDictionary<string, StateDeclaration> States => StateTable;

    /// <summary>Inter-processor interrupts, in service order.</summary>
    public IReadOnlyList<string> Messages => MessageTable.Keys;

    /// <summary>The same by name, with how each arrives.</summary>
    public IReadOnlyDictionary<string, MessageDeclaration> MessageKinds => MessageTable;

    /// <summary>How many paths <c>from kernel</c> a CPU can be in at a time (M13).</summary>
    public int Nesting { get; internal set; } = 2;

    /// <summary>Roles by name.</summary>
    public IReadOnlyDictionary<string, RoleDeclaration> Roles => RoleTable;

    /// <summary>Roles of CPU0, CPU1, ...; the last one repeats.</summary>
    public IReadOnlyList<string> Cast { get; internal set; } = [];

    /// <summary>Routines by name.</summary>
    public IReadOnlyDictionary<string, RoutineDeclaration> Routines => RoutineTable;

    /// <summary>Paths by name.</summary>
    public IReadOnlyDictionary<string, PathDeclaration> Paths => PathTable;

    /// <summary>Kicks by name.</summary>
    public IReadOnlyDictionary<string, KickDeclaration> Kicks => KickTable;

    /// <summary>Policies by name.</summary>
    public IReadOnlyDictionary<string, PolicyDeclaration> Policies => PolicyTable;

    /// <summary>
    /// Routines, policies and paths of its own file that have parameters and are given no values: nothing is said of
    /// them.
    /// </summary>
    public IReadOnlyList<string> NeverGiven => NeverGivenList;

    /// <summary>The files that it was put together from, its own last.</summary>
    public IReadOnlyList<SourceText> Files => FileList;

    /// <summary>The first line.</summary>
    public HeaderDeclaration Header { get; }

    internal List<string> SourceList { get; } = [];

    internal List<Token> PromiseList { get; } = [];

    internal List<AssumeDeclaration> AssumptionList { get; } = [];

    internal OrderedDictionary<string, Knob> KnobTable { get; } = [];

    internal OrderedDictionary<string, VariableDeclaration> VariableTable { get; } = [];

    internal OrderedDictionary<string, TextDeclaration> TextTable { get; } = [];

    internal OrderedDictionary<string, MappingDeclaration> MappingTable { get; } = [];

    internal OrderedDictionary<string, PlaceDeclaration> PlaceTable { get; } = [];

    internal OrderedDictionary<string, StateDeclaration> StateTable { get; } = [];

    internal OrderedDictionary<string, MessageDeclaration> MessageTable { get; } = [];

    internal OrderedDictionary<string, RoleDeclaration> RoleTable { get; } = [];

    internal OrderedDictionary<string, RoutineDeclaration> RoutineTable { get; } = [];

    internal OrderedDictionary<string, PathDeclaration> PathTable { get; } = [];

    internal OrderedDictionary<string, KickDeclaration> KickTable { get; } = [];

    internal OrderedDictionary<string, PolicyDeclaration> PolicyTable { get; } = [];

    internal List<SourceText> FileList { get; } = [];

    internal List<string> NeverGivenList { get; } = [];

    /// <summary>Every step that is written anywhere in it, the ones that hold others first.</summary>
    public IReadOnlyList<Step> AllSteps()
    {
        var all = new List<Step>();
        foreach (var block in Routines.Values.Cast<BlockDeclaration>().Concat(Paths.Values).Concat(Kicks.Values))
            Add(block.Body);
        foreach (var policy in Policies.Values)
            Add(policy.Ask ?? []);
        return all;

        void Add(IReadOnlyList<Step> steps)
        {
            foreach (var step in steps)
            {
                all.Add(step);
                foreach (var block in step.Blocks)
                    Add(block);
            }
        }
    }

    /// <summary>A scheme of its own with the same declarations.</summary>
    internal Scheme Copy()
    {
        var copy = new Scheme(Header)
        {
            Arch = Arch,
            Kernel = Kernel,
            Cast = Cast,
            Nesting = Nesting,
        };
        copy.SourceList.AddRange(SourceList);
        copy.PromiseList.AddRange(PromiseList);
        copy.AssumptionList.AddRange(AssumptionList);
        copy.FileList.AddRange(FileList);
        copy.NeverGivenList.AddRange(NeverGivenList);
        Fill(copy.MessageTable, MessageTable);
        Fill(copy.KnobTable, KnobTable);
        Fill(copy.VariableTable, VariableTable);
        Fill(copy.TextTable, TextTable);
        Fill(copy.MappingTable, MappingTable);
        Fill(copy.PlaceTable, PlaceTable);
        Fill(copy.StateTable, StateTable);
        Fill(copy.RoleTable, RoleTable);
        Fill(copy.RoutineTable, RoutineTable);
        Fill(copy.PathTable, PathTable);
        Fill(copy.KickTable, KickTable);
        Fill(copy.PolicyTable, PolicyTable);
        return copy;

        static void Fill<T>(OrderedDictionary<string, T> to, OrderedDictionary<string, T> from)
        {
            foreach (var (name, item) in from)
                to.Add(name, item);
        }
    }

    /// <summary>The role of a CPU in a cast of this scheme.</summary>
    /// <param name="cpu">From 0.</param>
    public RoleDeclaration RoleOf(int cpu) => Roles[Cast[Math.Min(cpu, Cast.Count - 1)]];
}
