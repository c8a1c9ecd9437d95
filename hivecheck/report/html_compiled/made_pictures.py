"""Made from templates/pictures.html: do not edit."""
# ruff: noqa
# mypy: ignore-errors

from hivecheck.report.html_compiled.runtime import Macro, Markup, Undefined, environment, escape, markup_join, missing
name = 'pictures.html'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_pictures = missing
    pass
    def macro(l_1_all):
        t_1 = []
        l_1_about = missing
        if l_1_all is missing:
            l_1_all = undefined("parameter 'all' was not provided", name='all')
        pass
        l_1_about = markup_join((environment.getattr(environment.getitem(l_1_all, 0), 'id'), '-about', ))
        t_1.extend((
            '<figure class="pictures">\n<figcaption>',
            escape(environment.getattr(environment.getitem(l_1_all, 0), 'title')),
            '</figcaption>\n',
        ))
        for l_2_it in l_1_all:
            _loop_vars = {}
            pass
            t_1.extend((
                '<svg class="picture ',
                escape(environment.getattr(l_2_it, 'kind')),
                ' ',
                escape(environment.getattr(l_2_it, 'id')),
                '" viewBox="0 0 ',
                escape(environment.getattr(l_2_it, 'width')),
                ' ',
                escape(environment.getattr(l_2_it, 'height')),
                '" role="group" aria-labelledby="',
                escape(environment.getattr(l_2_it, 'id')),
                '-title" aria-describedby="',
                escape((undefined(name='about') if l_1_about is missing else l_1_about)),
                '">\n<title id="',
                escape(environment.getattr(l_2_it, 'id')),
                '-title">',
                escape(environment.getattr(l_2_it, 'title')),
                '</title>\n',
            ))
            for l_3_part in environment.getattr(l_2_it, 'parts'):
                _loop_vars = {}
                pass
                if environment.getattr(l_3_part, 'to'):
                    pass
                    t_1.extend((
                        '<a href="',
                        escape(environment.getattr(l_3_part, 'to')),
                        '" aria-label="',
                        escape(environment.getattr(l_3_part, 'label')),
                        '"><title>',
                        escape(environment.getattr(l_3_part, 'label')),
                        '</title>',
                    ))
                for (l_4_kind, l_4_path) in environment.getattr(l_3_part, 'drawn'):
                    _loop_vars = {}
                    pass
                    t_1.extend((
                        '<path class="',
                        escape(l_4_kind),
                        '" d="',
                        escape(l_4_path),
                        '"/>',
                    ))
                l_4_kind = l_4_path = missing
                for (l_4_kind, l_4_x, l_4_y, l_4_turn, l_4_text) in environment.getattr(l_3_part, 'words'):
                    _loop_vars = {}
                    pass
                    t_1.extend((
                        '<text class="',
                        escape(l_4_kind),
                        '" x="',
                        escape(l_4_x),
                        '" y="',
                        escape(l_4_y),
                        '"',
                    ))
                    if l_4_turn:
                        pass
                        t_1.extend((
                            ' transform="',
                            escape(l_4_turn),
                            '"',
                        ))
                    t_1.extend((
                        '>',
                        escape(l_4_text),
                        '</text>',
                    ))
                l_4_kind = l_4_x = l_4_y = l_4_turn = l_4_text = missing
                if environment.getattr(l_3_part, 'to'):
                    pass
                    t_1.append(
                        '</a>',
                    )
                t_1.append(
                    '\n',
                )
            l_3_part = missing
            t_1.append(
                '</svg>\n',
            )
        l_2_it = missing
        t_1.extend((
            '<p class="about" id="',
            escape((undefined(name='about') if l_1_about is missing else l_1_about)),
            '">',
            escape(environment.getattr(environment.getitem(l_1_all, 0), 'about')),
            '</p>\n</figure>\n',
        ))
        return concat(t_1)
    context.exported_vars.add('pictures')
    context.vars['pictures'] = l_0_pictures = Macro(environment, macro, 'pictures', ('all',), False, False, False, context.eval_ctx.autoescape)

blocks = {}
debug_info = '2=12&3=18&5=21&6=24&7=29&8=41&9=46&10=49&11=60&12=71&13=96&18=111'
