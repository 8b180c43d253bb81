using Lazykick.Schemes.Syntax;

namespace Lazykick.Schemes.Loading;

/// <summary>Applies one patch to the steps of a block, at any depth.</summary>
internal sealed class Patcher(PatchDeclaration patch)
{
    public int Found { get; private set; }

    public IReadOnlyList<Step> Rewrite(IReadOnlyList<Step> steps)
    {
        var result = new List<Step>(steps.Count + patch.Body.Count);
        foreach (var step in steps)
        {
            if (step.Label == patch.LabelName)
            {
                Found++;
                switch (patch.Place)
                {
                    case PatchPlace.Before:
                        result.AddRange(patch.Body);
                        result.Add(step);
                        break;
                    case PatchPlace.After:
                        result.Add(step);
                        result.AddRange(patch.Body);
                        break;
                    case PatchPlace.Replace:
                        result.AddRange(patch.Body);
                        break;
                }

                continue;
            }

            result.Add(step.WithBlocks(Rewrite));
        }

        return result;
    }

    public static IEnumerable<string> Labels(IReadOnlyList<Step> steps) =>
        steps.SelectMany(s => (s.Label is null ? [] : new[] { s.Label }).Concat(s.Blocks.SelectMany(Labels)));
}
